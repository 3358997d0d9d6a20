import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LOAD_CORE } from './processes.ts';

export type Load = {
  url: string;
  /** Sent in turn over all connections. NUMBER in a body is replaced by a new number each time. */
  bodies: string[];
  connections: number;
  seconds: number;
  /** Whether each request carries a number of its own, so that no two are the same. */
  isNumbered?: boolean;
};

export type LoadResult = {
  requests: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers with a status of 400 or more, and connections that failed or timed out. */
  failures: number;
  /** Average size of an answer with its headers. */
  bytesPerAnswer: number;
};

const SCRIPT = new URL('load.lua', import.meta.url).pathname;
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'certway-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** No number is sent twice in a run; all have ten digits. */
let numbersUsed = 1_000_000_000;
const NUMBERS_A_LOAD = 10_000_000;

/** Runs wrk. Each connection sends a request as soon as the previous one is answered. */
export async function load({
  url,
  bodies,
  connections,
  seconds,
  isNumbered = false,
}: Load): Promise<LoadResult> {
  const file = join(folder, `bodies-${numbersUsed}`);
  const sent = isNumbered ? bodies.map((body) => `{"extensions":{"n":NUMBER},${body.slice(1)}`) : bodies;
  writeFileSync(file, `${sent.join('\n')}\n`);
  const options = [`-c${connections}`, `-d${seconds}s`, '-t1', '--timeout=10s', `--script=${SCRIPT}`];
  const forScript = ['--', file, String(numbersUsed)];
  numbersUsed += NUMBERS_A_LOAD;
  const { stdout } = await run('taskset', ['-c', String(LOAD_CORE), 'wrk', ...options, url, ...forScript]);
  const found = /^RESULT (.+)$/m.exec(stdout)?.[1];
  if (found === undefined) throw new Error(`wrk printed no result:\n${stdout}`);
  const { requests, microseconds, bytes, failures, p50, p99 } = JSON.parse(found);
  return {
    requests,
    requestsPerSecond: (requests / microseconds) * 1e6,
    p50Ms: requests === 0 ? Number.NaN : p50 / 1000,
    p99Ms: requests === 0 ? Number.NaN : p99 / 1000,
    failures,
    bytesPerAnswer: requests === 0 ? 0 : bytes / requests,
  };
}
