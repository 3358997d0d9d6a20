import { setImmediate as endOfTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectTo } from '../../src/replicas/redis-client.ts';
import { createServiceClock } from '../support/clock.ts';
import { until } from '../support/sharing.ts';
import { connectRedis } from './connections.ts';
import { startProxy } from './proxy.ts';
import { startRedis } from './redis-server.ts';

const REPLICAS = 100;

test('a hundred replicas whose Redis restarts come back one after the other', async () => {
  const redis = await startRedis();
  const { url, connections } = await startProxy(redis.path);
  const { pass, timers, ...clock } = createServiceClock();
  const numbers = fc
    .sample(fc.noBias(fc.integer({ min: 0, max: 999 })), { seed: 1, numRuns: REPLICAS })
    .values();
  const all = await Promise.all(
    Array.from({ length: REPLICAS }, async () =>
      connectRedis(url, { clock, random: () => (numbers.next().value ?? 0) / 1000 }),
    ),
  );
  const up = () => all.filter(({ isUp }) => isUp()).length;
  expect(up()).toBe(REPLICAS);
  await redis.restart();
  await until(() => expect(up()).toBe(0));
  expect(connections()).toBe(0);

  const pausesMs = timers().map(({ ms }) => ms);
  expect(pausesMs).toHaveLength(REPLICAS);
  expect(Math.min(...pausesMs)).toBeGreaterThanOrEqual(1000);
  expect(Math.max(...pausesMs)).toBeLessThanOrEqual(2000);
  const inTenths = Map.groupBy(pausesMs, (ms) => Math.floor(ms / 100));
  for (const [, some] of inTenths) expect(some.length).toBeLessThan(REPLICAS / 2);
  await pass(2000);
  await until(async () => {
    await endOfTurn();
    expect(up()).toBe(REPLICAS);
  });
});

test('a connection that is there before the time for another attempt stays', async () => {
  const redis = await startRedis();
  const { timers, ...clock } = createServiceClock();
  let mayConnect: Promise<unknown> = Promise.resolve();
  const { renew, isUp, opened } = await connectRedis(redis.url, {
    clock,
    connect: async (onError) => {
      await mayConnect;
      return connectTo({ url: redis.url, isCluster: false }, onError);
    },
  });
  const { promise: held, resolve } = Promise.withResolvers<void>();
  mayConnect = held;
  renew();
  await redis.command('CLIENT', 'KILL', 'TYPE', 'normal');
  await until(() => expect(isUp()).toBe(false));
  resolve();
  await until(() => expect(isUp()).toBe(true));
  expect(opened().number).toBe(2);
  expect(timers()).toEqual([]);
});
