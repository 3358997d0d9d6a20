import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookup, page, until, update } from '../support/sharing.ts';
import { createHistory } from './history.ts';
import { HOUR_MS, startProcesses } from './processes.ts';
import { startProxy } from './proxy.ts';
import { BROKEN, READ_ONLY, SILENT } from './redis-faults.ts';
import { startRedis } from './redis-server.ts';

const TTL_MS = 300;
const REPLICAS = 5;
const IDS = ['c000', 'c001', 'c002'];

/** A pause, perhaps a write through one replica, and reads through others at once. */
type Step = { pauseMs: number; write: string | undefined; reads: string[] };

const step: fc.Arbitrary<Step> = fc.record({
  pauseMs: fc.constantFrom(0, 0, 20, 100, TTL_MS),
  write: fc.option(fc.constantFrom(...IDS), { nil: undefined, freq: 2 }),
  reads: fc.array(fc.constantFrom(...IDS, 'page'), { minLength: 1, maxLength: 8 }),
});

/** The same steps with every run. */
const STEPS = 15;
const SEED = 17;
const stepsOf = (seed: number): Step[] => fc.sample(step, { seed: SEED + seed, numRuns: STEPS });

const FAILED = /^certway_shared_cache_calls_total\{.*outcome="failed"/;

/** A link from one availability zone to another takes 1 to 2 ms. */
const LATENCIES_MS = [0, 10, 25];

const never = new Promise(() => undefined);

test('no read of five processes is older than a write through any of them, nor than the TTL whatever happens to Redis', async () => {
  const redis = await startRedis();
  const proxy = await startProxy(redis.path);
  const { all, next } = await startProcesses({
    redisUrl: proxy.url,
    count: REPLICAS,
    certificates: IDS.length,
    clocksApartMs: HOUR_MS,
    env: { CACHE_TTL_MS: `${TTL_MS}`, CACHE_STALE_MS: '0' },
  });
  const nowMs = () => performance.now();
  const history = createHistory(IDS, nowMs);
  let written = 0;

  async function read(what: string): Promise<number[]> {
    const startedAtMs = nowMs();
    const { data, errors } = await next().query(what === 'page' ? page(10) : lookup(what));
    expect(errors).toBeUndefined();
    const found = what === 'page' ? data.clientCertificates.nodes : [data.clientCertificate];
    return found.map(
      ({ clientCertificateId, description }: { clientCertificateId: string; description: string | null }) =>
        history.ageMs(clientCertificateId, description, startedAtMs),
    );
  }

  async function write(id: string): Promise<void> {
    written += 1;
    const text = `text ${written}`;
    await history.write(id, text, async () => {
      const { errors, data } = await next().query(update(id, text));
      expect([errors, data.updateClientCertificate.__typename]).toEqual([
        undefined,
        'UpdateClientCertificatePayload',
      ]);
    });
  }

  /** The age of the oldest thing that was read. */
  async function run(steps: Step[]): Promise<number> {
    let oldestMs = 0;
    for (const { pauseMs, write: id, reads } of steps) {
      await wait(pauseMs);
      const writing = id === undefined ? undefined : write(id);
      const ages = (await Promise.all(reads.map(read))).flat();
      await writing;
      ages.push(...(await Promise.all(reads.map(read))).flat());
      oldestMs = Math.max(oldestMs, ...ages);
    }
    return oldestMs;
  }

  const sum = async (pattern: RegExp) =>
    (await Promise.all(all.map(async ({ metric }) => metric(pattern)))).reduce((a, b) => a + b);
  const areUp = async () => until(async () => expect(await sum(/^certway_shared_cache_up /)).toBe(REPLICAS));
  const failures = async () => sum(FAILED);

  /** A replica that had to do without Redis, on a machine that is too slow for it, has nothing older than the TTL. */
  async function runWell(seed: number): Promise<boolean> {
    await areUp();
    const before = await failures();
    const oldestMs = await run(stepsOf(seed));
    const isWell = (await failures()) === before;
    expect(oldestMs).toBeLessThanOrEqual(isWell ? 0 : TTL_MS);
    return isWell;
  }

  const well: boolean[] = [];
  for (const [i, latencyMs] of LATENCIES_MS.entries()) {
    proxy.be({ latencyMs });
    well.push(await runWell(-1 - i));
  }
  proxy.be({});
  for (const [i, [what, brk, mend]] of [...BROKEN, ...READ_ONLY, ...SILENT].entries()) {
    await brk({ redis, proxy });
    expect(await run(stepsOf(i + 1)), what).toBeLessThanOrEqual(TTL_MS);
    await mend({ redis, proxy });
    well.push(await runWell(i + 100));
  }
  expect(well).toContain(true);
});

test('where a process is killed while it asks AWS for all, another one asks', async () => {
  const redis = await startRedis();
  const { all, calls, fail } = await startProcesses({
    redisUrl: redis.url,
    count: REPLICAS,
    certificates: IDS.length,
    env: { CACHE_TTL_MS: `${TTL_MS}`, CACHE_STALE_MS: '0' },
  });
  for (const { query } of all) await query(page(10));
  await wait(TTL_MS);
  calls.length = 0;
  fail(() => (calls.length === 1 ? { kind: 'held', until: never } : undefined));
  const [killed, ...others] = all;
  const lost = killed?.query(page(10)).catch(() => 'lost');
  await until(() => expect(calls).toHaveLength(1));
  const asking = others.map(async ({ query }) => query(lookup('c001')));
  killed?.child.kill('SIGKILL');
  for (const answer of await Promise.all(asking))
    expect(answer).toEqual({
      data: { clientCertificate: { clientCertificateId: 'c001', description: null } },
    });
  expect(await lost).toBe('lost');
  const failures = await Promise.all(others.map(async ({ metric }) => metric(FAILED)));
  const alone = failures.filter((count) => count > 0).length; // on a machine that is too slow for Redis
  expect(calls.length).toBeLessThanOrEqual(2 + alone);
});
