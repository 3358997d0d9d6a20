import { setTimeout as wait } from 'node:timers/promises';
import { questionsOf } from './account-region-questions.ts';
import { ask, askAgain, askedOnly, callsIn, envOf, orderedOf, QUIET } from './asking.ts';
import { createConnection } from './connection.ts';
import { longestAnswer } from './kinds.ts';
import { cpuMs, peakMib, start, startTimeMs } from './processes.ts';
import { ours } from './servers.ts';
import { startSimulatedAws } from './simulated-aws-process.ts';
import { median } from './statistics.ts';

/** The whole service over many accounts and regions, as its image runs it. */
export type Served = {
  accountRegions: number;
  hasStages: boolean;
  /** Until it listens. */
  startMs: number;
  /** From then until an ordered page over all is answered. Meanwhile the service reads the same for its metric. */
  orderedMs: number;
  /** The CPU time of the process until then. */
  cpuMs: number;
  awsCalls: number;
  /** The slowest answer to `/health` until then. */
  longestPauseMs: number;
  /** How long `/metrics` takes, with a line for every certificate. */
  metricsMs: number;
  /** The maximum of its resident memory, after every question was asked. */
  peakMib: number;
  /** The CPU time and the AWS calls per second after that. */
  laterCpuMs: number;
  laterCalls: number;
};

const STARTS = 5;
const LATER_SECONDS = 3;

/** With stages, AWS has no APIs: what is measured is the search for them. */
export async function measureService(count: number, hasStages: boolean): Promise<Served> {
  const aws = await startSimulatedAws({ accountRegions: count });
  const server = ours({
    ...envOf(aws, count),
    STAGE_READS_PER_SECOND: hasStages ? '1' : QUIET.STAGE_READS_PER_SECOND,
  });
  const program = server.program(aws.settings['AWS_ENDPOINT_URL_API_GATEWAY'] ?? '');
  const starts: number[] = [];
  for (let turn = 0; turn < STARTS; turn += 1) starts.push(await startTimeMs(program));
  await aws.counts();

  const running = await start(program);
  const connection = createConnection(new URL(server.path, running.url));
  const health = createConnection(new URL('/health', running.url));
  let isOver = false;
  const longest = longestAnswer(health, () => isOver);
  const ordered = await ask(connection, orderedOf(count));
  if (ordered.complaint) throw new Error(ordered.complaint);
  isOver = true;
  const calls = callsIn(await aws.counts());
  const cpuUntilOrdered = cpuMs(running.pid);
  const longestPauseMs = await longest;
  for (const question of questionsOf(count, false)) await askAgain(connection, question);
  const metricsAt = performance.now();
  await (await fetch(`${running.url}/metrics`)).text();
  const metricsMs = performance.now() - metricsAt;

  await aws.counts();
  const cpuBefore = cpuMs(running.pid);
  await wait(LATER_SECONDS * 1000);
  const later = callsIn(await aws.counts());
  const served = {
    accountRegions: count,
    hasStages,
    startMs: median(starts),
    orderedMs: ordered.ms,
    cpuMs: cpuUntilOrdered,
    awsCalls: calls.reads + calls.roles,
    longestPauseMs,
    metricsMs,
    peakMib: peakMib(running.pid),
    laterCpuMs: (cpuMs(running.pid) - cpuBefore) / LATER_SECONDS,
    laterCalls: (later.reads + later.roles) / LATER_SECONDS,
  };
  await Promise.all([connection.close(), health.close()]);
  await running.stop();
  await aws.stop();
  return served;
}

/** The memory of an account and region in KiB: in the settings alone, and after it was read and had no certificates. */
export type Idle = { accountRegions: number; configuredKib: number; madeKib: number };

export async function measureIdle(count: number): Promise<Idle> {
  const aws = await startSimulatedAws({ accountRegions: count, isEmpty: true });
  const few = await bytesOf(1);
  const many = await bytesOf(count);
  await aws.stop();
  const kib = (bytes: number) => bytes / 1024 / (count - 1);
  return {
    accountRegions: count,
    configuredKib: kib(many.configured - few.configured),
    madeKib: kib(many.made - many.configured - (few.made - few.configured)),
  };

  async function bytesOf(configured: number) {
    const running = await start(askedOnly(envOf(aws, configured), ['--expose-gc']));
    const heap = async () => Number(await (await fetch(`${running.url}/heap`)).text());
    const before = await heap();
    const connection = createConnection(new URL('/graphql', running.url));
    await ask(connection, { body: orderedOf(configured).body, complaint: () => undefined });
    await connection.close();
    const after = await heap();
    await running.stop();
    return { configured: before, made: after };
  }
}
