import { expect, test } from 'vitest';
import { createFacts } from '../../src/replicas/facts.ts';
import { createKeys } from '../../src/replicas/keys.ts';
import { createServiceClock } from '../support/clock.ts';
import { until } from '../support/sharing.ts';
import { connectRedis } from './connections.ts';
import { HOUR_MS } from './processes.ts';
import { startProxy } from './proxy.ts';
import { startRedis } from './redis-server.ts';

/** What the replica of this name tells and hears. Its clock stands still, unlike Redis's. */
async function startFacts(url: string, replica: string) {
  const clock = createServiceClock();
  const redis = await connectRedis(url, { clock });
  return createFacts({ redis, keys: createKeys('certway'), accountRegion: 'us-east-1', replica, clock });
}

const factOf = (text: string) => ({ name: 'stages of an API', text, ageMs: 0 });

async function textsFor({ news }: Awaited<ReturnType<typeof startFacts>>) {
  return (await news())?.facts.map(({ text }) => text);
}

/** Resolves once it is later for Redis. */
async function untilLater({ command }: Awaited<ReturnType<typeof startRedis>>): Promise<void> {
  const now = async () => Number(((await command('TIME')) as string[]).join('')); // in microseconds
  const before = await now();
  await until(async () => expect(await now()).toBeGreaterThan(before + 2000));
}

test('a replica that starts is told all facts, also of many that were told together', async () => {
  const { url } = await startRedis();
  const a = await startFacts(url, 'a');
  const all = Array.from({ length: 600 }, (_, i) => ({ name: `fact ${i}`, text: '{}', ageMs: 0 }));
  await a.tell(all, []);
  for (let i = 0; i < 600; i += 20) await a.tell(all.slice(i, i + 1), []); // some are told again
  const b = await startFacts(url, 'b');
  const names = (await b.news())?.facts.map(({ name }) => name);
  expect(new Set(names).size).toBe(600);
  expect(await b.news()).toEqual({ facts: [], count: 600, isAll: false });
});

test('what comes late to Redis is as old as it was when it was told', async () => {
  const redis = await startRedis();
  const proxy = await startProxy(redis.path);
  const a = await startFacts(proxy.url, 'a');
  await untilLater(redis);
  const b = await startFacts(redis.url, 'b');
  const { promise: heldThere, resolve } = Promise.withResolvers<void>();
  proxy.be({ heldThere });
  const telling = a.tell([factOf('read before the change')], []);
  await until(() => expect(proxy.asked()).toContain('read before'));
  await b.tell([factOf('changed')], []);
  await untilLater(redis);
  resolve();
  await telling;
  expect(await textsFor(await startFacts(redis.url, 'c'))).toEqual(['changed']);
  expect(await textsFor(a)).toEqual(['changed']);
});

test('facts are told by what Redis said of its clock when it was asked for news', async () => {
  const redis = await startRedis();
  const a = await startFacts(redis.url, 'a');
  await untilLater(redis);
  const b = await startFacts(redis.url, 'b');
  await b.tell([factOf('changed')], []);
  await untilLater(redis);
  expect(await textsFor(a)).toEqual(['changed']);
  await a.tell([factOf('read after the change')], []);
  expect(await textsFor(b)).toEqual(['read after the change']);
});

test("what is told after Redis's clock was set back takes the place of what was told before", async () => {
  const redis = await startRedis();
  const a = await startFacts(redis.url, 'a');
  await a.tell([factOf('before')], []);
  const facts = '{certway:1}:facts:us-east-1';
  const stored = String(await redis.command('HGET', facts, 'stages of an API'));
  const inAnHour = stored.replace(/^\d+/, (at) => `${Number(at) + HOUR_MS}`);
  await redis.command('HSET', facts, 'stages of an API', inAnHour);
  const b = await startFacts(redis.url, 'b');
  expect((await b.news())?.facts).toMatchObject([{ text: 'before', ageMs: 0 }]);
  await b.tell([factOf('after')], []);
  expect(await textsFor(a)).toEqual(['after']);
});
