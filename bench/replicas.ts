import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from './connection.ts';
import { createJudge, MAX_AGE_MS, type Right } from './judge.ts';
import { LATENCY_MS, REQUESTS_PER_SECOND } from './limit.ts';
import { NICE, type Running, start } from './processes.ts';
import { generateBody, lookupBody, pageBody, TYPENAME_BODY } from './queries.ts';
import { type Redis, startRedis } from './redis.ts';
import { ours } from './servers.ts';
import { callsOf, startStub } from './stub-process.ts';
import { CERTIFICATES } from './throughput.ts';

/** So many processes of the service. */
export const REPLICA_COUNTS = [1, 2, 5, 20];

/** Readers of all replicas together, and how long each of them waits after an answer. */
export const READERS = 40;
export const PAUSE_MS = 100;

const SECONDS = 5;

/** By then, all replicas have read everything for their metrics, and V8 has compiled most of it. */
const SETTLE_MS = 4000;
const TTL_MS = 1000;

/** The replicas come back to Redis after two seconds at most. */
const BACK_MS = 2500;

/** What replicas do together. */
export type ReplicasResult = {
  replicas: number;
  /** AWS reads of all of them per TTL: while nobody writes, and with a write per second. */
  readsPerTtl: { quiet: number; writing: number };
  /** Reads through the other replicas, each right after a write was answered, and how many did not show it. */
  afterWrites: { reads: number; stale: number };
  /** How often a replica found that Redis took too long, although it was there. */
  tooSlow: number;
  /** While Redis is there; and while it is killed, started again, stopped and continued. */
  right: { well: Right; away: Right };
};

/** All replicas have one AWS at its real limit, and one Redis. */
export async function measureReplicas(count: number): Promise<ReplicasResult> {
  const stub = await startStub({
    certificates: CERTIFICATES,
    latencyMs: LATENCY_MS,
    requestsPerSecond: REQUESTS_PER_SECOND,
  });
  const redis = await startRedis();
  const server = ours({ REDIS_URL: redis.url, CACHE_TTL_MS: `${TTL_MS}` });
  const running: Running[] = [];
  for (let i = 0; i < count; i += 1) running.push(await start(server.program(stub.url), undefined, NICE));
  const urls = running.map(({ url }) => new URL(server.path, url));
  const ids = (await stub.certificates()).map(({ clientCertificateId }) => clientCertificateId);
  const writers = urls.map(createConnection);
  await Promise.all(writers.map(({ post }) => post(TYPENAME_BODY)));

  const judges = { well: createJudge(), away: createJudge() };
  let phase: keyof typeof judges = 'well';
  let isOver = false;

  async function read(index: number): Promise<void> {
    const connections = urls.map(createConnection);
    for (let turn = index; !isOver; turn += 1) {
      const id = turn % 2 === 0 ? undefined : ids[turn % ids.length];
      const judge = judges[phase];
      const startedAt = performance.now();
      const answer = await connections[turn % count]?.post(id === undefined ? pageBody() : lookupBody(id));
      if (answer) judge.heard(id, answer, startedAt, performance.now());
      await wait(PAUSE_MS);
    }
    await Promise.all(connections.map(({ close }) => close()));
  }

  const afterWrites = { reads: 0, stale: 0 };
  async function write(number: number): Promise<void> {
    const writer = writers[number % count];
    for (const judge of Object.values(judges)) judge.sent(performance.now());
    const written = await writer?.post(generateBody(`Generated number ${number}`));
    const id = /"clientCertificateId":"(\w+)"/.exec(written?.text() ?? '')?.[1];
    if (id === undefined) throw new Error(`a write failed: ${written?.text()}`);
    for (const judge of Object.values(judges)) judge.answered(performance.now());
    const others = count === 1 ? writers : writers.filter((other) => other !== writer);
    const pages = await Promise.all(others.map(({ post }) => post(pageBody())));
    afterWrites.reads += pages.length;
    afterWrites.stale += pages.filter((page) => !page.text().includes(`"${id}"`)).length;
  }

  async function failures(): Promise<number> {
    const texts = await Promise.all(running.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
    const counts = texts.flatMap((text) =>
      Array.from(
        text.matchAll(/^certway_shared_cache_calls_total\{.*"(?:failed|late)"\} (\d+)$/gm),
        ([, count]) => Number(count),
      ),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  const readers = Promise.all(Array.from({ length: READERS }, (_, index) => read(index)));
  await wait(SETTLE_MS);

  await stub.counts();
  await wait(SECONDS * 1000);
  const quiet = certificateReads(await stub.counts());
  for (let number = 1; number <= SECONDS; number += 1) {
    await write(number);
    await wait(1000);
  }
  const writing = certificateReads(await stub.counts());
  const tooSlow = await failures();
  await wait(MAX_AGE_MS);

  phase = 'away';
  await breakAndMend(redis);
  phase = 'well';
  await wait(2000);
  isOver = true;
  await readers;
  const items = await stub.certificates();
  await Promise.all(writers.map(({ close }) => close()));
  for (const { stop } of running) await stop();
  await redis.stop();
  await stub.stop();
  const perTtl = (reads: number) => (reads / SECONDS) * (TTL_MS / 1000);
  return {
    replicas: count,
    readsPerTtl: { quiet: perTtl(quiet), writing: perTtl(writing) },
    afterWrites,
    tooSlow,
    right: { well: judges.well.judge(items), away: judges.away.judge(items) },
  };
}

async function breakAndMend(redis: Redis): Promise<void> {
  redis.signal('SIGKILL');
  await wait(SECONDS * 1000);
  await redis.restart();
  await wait(BACK_MS);
  redis.signal('SIGSTOP');
  await wait(SECONDS * 1000);
  redis.signal('SIGCONT');
  await wait(BACK_MS);
}

/** Without those for the stages. */
function certificateReads(counts: Parameters<typeof callsOf>[0]): number {
  const { GetRestApis = 0, GetApis = 0 } = counts.calls;
  return callsOf(counts).reads - GetRestApis - GetApis;
}
