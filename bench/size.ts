import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from './connection.ts';
import { load } from './load.ts';
import { type Program, residentMib, SERVER_CORE, start, startAndEnd, startTimeMs } from './processes.ts';
import { pageBody } from './queries.ts';
import { OURS, ours, peer, type Server, YOGA } from './servers.ts';
import { median, quantile } from './statistics.ts';
import { startStub } from './stub-process.ts';

export type StartTime = { name: string; ms: number };

export type Size = { name: string; idleMib: number; loadedMib: number };

export type Health = { runs: number; p99Ms: number; maxMs: number; answers: number };

export const EMPTY = '`node:http`, empty';
export const OURS_ON_EMULATOR = `${OURS}, with its emulator`;
export const OURS_ON_AWS = `${OURS}, \`UPSTREAM=aws\``;
const OUR_SOURCES = `${OURS} from its sources (\`npm start\`), with its emulator`;

const ON_EMULATOR = { UPSTREAM: 'emulator', EMULATOR_PORT: '0' };

const CONNECTIONS = 50;

/** Each with a service of its own. */
const HEALTH_RUNS = 3;

/**
 * The median start time of each program over `rounds` rounds. A first start fills the compile cache and does not count.
 * Nothing calls the upstream, so it need not exist.
 */
export async function measureStarts(rounds: number): Promise<StartTime[]> {
  const upstream = 'http://127.0.0.1:9';
  const programs: { name: string; program: Program }[] = [
    { name: EMPTY, program: { args: ['bench/peers/empty.js'] } },
    { name: OURS_ON_AWS, program: ours().program(upstream) },
    { name: OURS_ON_EMULATOR, program: ours(ON_EMULATOR).program(upstream) },
    { name: OUR_SOURCES, program: ours(ON_EMULATOR, 'src/main.ts').program(upstream) },
  ];
  for (const { program } of programs) await startAndEnd(program);
  const times = programs.map(({ name }) => ({ name, ms: [] as number[] }));
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { program }] of programs.entries()) times[index]?.ms.push(await startTimeMs(program));
  return times.map(({ name, ms }) => ({ name, ms: median(ms) }));
}

/**
 * Resident memory two seconds after the start, and its maximum while 50 connections ask for A, every request different.
 * Also how long the service takes to answer `/health` meanwhile.
 */
export async function measureSizes(seconds: number): Promise<{ sizes: Size[]; health: Health }> {
  const stub = await startStub({ certificates: 60 });
  const own = await measureSize(OURS, ours(), stub.url, seconds);
  const others = [];
  for (let run = 1; run < HEALTH_RUNS; run += 1)
    others.push(await measureSize(OURS, ours(), stub.url, seconds));
  const naive = await measureSize(YOGA, peer('yoga'), stub.url, seconds);
  await stub.stop();
  const times = [own, ...others].flatMap(({ answersMs }) => answersMs);
  const health = {
    runs: HEALTH_RUNS,
    p99Ms: quantile(times, 0.99),
    maxMs: Math.max(...times),
    answers: times.length,
  };
  return { sizes: [own.size, naive.size], health };
}

async function measureSize(name: string, server: Server, upstream: string, seconds: number) {
  const running = await start(server.program(upstream), SERVER_CORE);
  await wait(2000);
  const idleMib = residentMib(running.pid);
  let loadedMib = idleMib;
  const url = `${running.url}${server.path}`;
  const busy = { url, bodies: [pageBody()], connections: CONNECTIONS, isNumbered: true };
  const client = createConnection(new URL('/health', running.url));
  await client.get(); // connects before the load: Node accepts one connection per turn of its event loop
  await load({ ...busy, seconds: 1 });
  let isBusy = true;
  const loaded = load({ ...busy, seconds }).finally(() => {
    isBusy = false;
  });
  const answersMs: number[] = [];
  while (isBusy) {
    await wait(10);
    const startedAt = performance.now();
    const { status } = await client.get();
    answersMs.push(status === 200 ? performance.now() - startedAt : Number.POSITIVE_INFINITY);
    loadedMib = Math.max(loadedMib, residentMib(running.pid));
  }
  await loaded;
  await client.close();
  await running.stop();
  return { size: { name, idleMib, loadedMib }, answersMs };
}
