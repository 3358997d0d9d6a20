import { expect, test } from 'vitest';
import { createRedisMarks } from '../../src/notifications/redis-marks.ts';
import { createKeys } from '../../src/replicas/keys.ts';
import { createLeases } from '../../src/replicas/leases.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { createServiceClock } from '../support/clock.ts';
import { connectRedis } from './connections.ts';
import { described, startWorld } from './frozen.ts';
import { HOUR_MS } from './processes.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';
import { storedAnswers } from './stored-answers.ts';

type Redis = Pick<Awaited<ReturnType<typeof startRedis>>, 'command'>;

/** Makes the key last an hour longer, as it does where Redis's clock is set back by an hour. */
async function setBack({ command }: Redis, pattern: string): Promise<() => Promise<number>> {
  const [key = expect.fail()] = (await command('KEYS', pattern)) as string[];
  await command('PEXPIRE', key, `${HOUR_MS}`);
  return async () => Number(await command('PTTL', key));
}

test('a lease of a replica that was killed lasts no longer than from then on, and one that goes on keeps it', async () => {
  const redis = await startRedis();
  const { url } = redis;
  const clock = createServiceClock();
  const leasesOf = async (replica: string) =>
    createLeases({ redis: await connectRedis(url, { clock }), replica, clock });
  const [a, b] = [await leasesOf('a'), await leasesOf('b')];
  expect(await a.hold('lease', 3000)).toBe(true);
  const leftMs = await setBack(redis, 'lease');
  expect(await b.hold('lease', 3000)).toBe(false);
  expect(await leftMs()).toBeLessThanOrEqual(3000);
  expect(await a.hold('lease', 3000)).toBe(true);
});

test('what a killed replica was sending is free after a minute', async () => {
  const redis = await startRedis();
  const marksOf = async (name: string) => {
    const own = await connectRedis(redis.url, { clock: createServiceClock() });
    return createRedisMarks({ redis: own, keys: createKeys('certway'), name }).in('sink', 'us-east-1');
  };
  const [a, b] = [await marksOf('a'), await marksOf('b')];
  expect(await a.claim(['notice'])).toEqual(new Map([['notice', 'mine']]));
  const leftMs = await setBack(redis, '*notifying*');
  expect(await b.claim(['notice'])).toEqual(new Map([['notice', 'busy']]));
  expect(await leftMs()).toBeLessThanOrEqual(60_000);
});

test('a caller who has come to the limit may go on after a minute', async () => {
  const redis = await startRedis();
  const key = 'k'.repeat(40);
  const { replicas } = await startReplicas({
    redisUrl: redis.url,
    count: 1,
    env: { RATE_LIMIT_PER_MINUTE: '1', AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', key) },
    headers: { authorization: `Bearer ${key}` },
  });
  const [{ post } = expect.fail()] = replicas;
  const ask = async () => post({ query: '{ __typename }' });
  expect((await ask()).status).toBe(200);
  const leftMs = await setBack(redis, '*limit*');
  const { status, headers } = await ask();
  expect([status, headers.get('retry-after')]).toEqual([429, '60']);
  expect(await leftMs()).toBeLessThanOrEqual(60_000);
});

test('a failure of AWS keeps the replicas from waiting for each other no longer', async () => {
  const { a, b, redis } = await startWorld();
  await described(a);
  const [key = expect.fail()] = await storedAnswers(redis);
  await redis.command('DEL', key);
  await redis.command('SET', key.replace(':answer:', ':lease:'), 'failed', 'PX', `${HOUR_MS}`);
  await described(b);
  expect(await b.metrics.text()).not.toContain('certway_shared_cache_reads_total{outcome="alone"}');
});
