import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lookup, page, until } from '../support/sharing.ts';
import { HOUR_MS, startProcesses } from './processes.ts';
import { startProxy } from './proxy.ts';
import { BROKEN, READ_ONLY, SILENT } from './redis-faults.ts';
import { startRedis } from './redis-server.ts';
import { createModel, IDS, stepsOf, TTL_MS } from './steps.ts';

const REPLICAS = 5;

const LATE = /^certway_shared_cache_calls_total\{.*outcome="(?:failed|late)"/;

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
  const { run } = createModel(next);
  const sum = async (pattern: RegExp) =>
    (await Promise.all(all.map(async ({ metric }) => metric(pattern)))).reduce((a, b) => a + b);
  const areUp = async () => until(async () => expect(await sum(/^certway_shared_cache_up /)).toBe(REPLICAS));
  const failures = async () => sum(LATE);

  /** A replica for which Redis was too late, on a machine that is too slow for it, has nothing older than the TTL. */
  async function runWell(seed: number): Promise<boolean> {
    await areUp();
    const before = await failures();
    const oldestMs = await run(stepsOf(seed));
    const isWell = (await failures()) === before;
    expect(oldestMs).toBeLessThanOrEqual(isWell ? 0 : TTL_MS);
    return isWell;
  }

  const well = [await runWell(0)];
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
  const failures = await Promise.all(others.map(async ({ metric }) => metric(LATE)));
  const alone = failures.filter((count) => count > 0).length; // on a machine that is too slow for Redis
  expect(calls.length).toBeLessThanOrEqual(2 + alone);
});
