import { expect, test } from 'vitest';
import { createServiceClock, turns } from '../support/clock.ts';
import { UPDATE, until, update } from '../support/sharing.ts';
import { described, startWorld } from './frozen.ts';
import { BROKEN, READ_ONLY } from './redis-faults.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';
import { storedAnswers } from './stored-answers.ts';

const never = new Promise<never>(() => undefined);

test.for(BROKEN)(
  'while Redis %s, each replica works as without it, and then they share again',
  async ([, brk, mend]) => {
    const world = await startWorld();
    const { a, b, pass, back, told, calls } = world;
    await a.query(update('c001', 'before'));
    expect([await described(a), await described(b)]).toEqual(['before', 'before']);

    await brk(world);
    await pass(1000);
    calls.length = 0;
    expect([await described(a), await described(b)]).toEqual(['before', 'before']);
    expect(calls).toHaveLength(2); // each for itself
    await a.query(update('c001', 'meanwhile'));
    expect(await described(a)).toBe('meanwhile');
    await pass(1000);
    expect(await described(b)).toBe('meanwhile');

    await mend(world);
    await back();
    await a.query(update('c001', 'after'));
    expect([await described(b), await described(a)]).toEqual(['after', 'after']);
    await b.query(update('c001', 'later'));
    expect([await described(a), await described(b)]).toEqual(['later', 'later']);
    for (const lines of told()) expect(lines.map(({ level }) => level)).toEqual(['info', 'warn', 'info']);
  },
);

test.for(READ_ONLY)('while Redis %s, it is not used', async ([, brk, mend]) => {
  const world = await startWorld();
  const { a, b, pass, back, calls } = world;
  await brk(world);
  await pass(1000);
  for (const one of [a, b]) expect(await described(one)).toBeNull();
  await a.query(update('c001', 'told later'));
  expect([await a.isUp(), await b.isUp()]).toEqual([false, false]);
  expect(calls.length).toBeGreaterThanOrEqual(3);
  await mend(world);
  await back();
  expect([await described(a), await described(b)]).toEqual(['told later', 'told later']);
});

test('a Redis that hangs costs one request 50 ms, and the next ones nothing', async () => {
  const { redis, a, b, told, back } = await startWorld();
  await described(a);
  await storedAnswers(redis);
  redis.signal('SIGSTOP');
  let isAnswered = false;
  const asking = described(a).finally(() => {
    isAnswered = true;
  });
  await turns();
  await a.pass(44);
  expect(isAnswered).toBe(false);
  await a.pass(1);
  await asking;
  expect(await described(a)).toBeNull(); // although no time passes
  expect(await a.query(update('c001', 'alone'))).toMatchObject({ data: {} });
  expect(await described(a)).toBe('alone');
  expect(await a.isUp()).toBe(false);
  await a.pass(2000); // it tries to connect, and does not wait for that
  expect(await described(a)).toBe('alone');
  const other = described(b);
  await turns();
  await b.pass(50);
  await other;

  redis.signal('SIGCONT');
  await back();
  expect(await described(b)).toBe('alone');
  for (const lines of told()) expect(lines.map(({ level }) => level)).toEqual(['info', 'warn', 'info']);
});

test('a change that Redis has taken, but whose answer was lost, does not bring back what was read before a later one', async () => {
  const { redis, proxy, a, b, calls, back } = await startWorld({ CACHE_TTL_MS: '3600000' });
  for (const one of [a, b]) expect(await described(one)).toBeNull();
  proxy.be({
    get held() {
      return calls.includes(UPDATE) ? never : undefined;
    },
  });
  const writing = a.query(update('c001', 'taken'));
  await until(async () => expect(await redis.command('HLEN', '{certway:1}:epochs')).toBe(2));
  await a.pass(50);
  await writing;
  expect(await a.isUp()).toBe(false);
  proxy.be({});

  expect(await described(b)).toBe('taken');
  await storedAnswers(redis, 2);
  await b.query(update('c001', 'later'));
  await back();
  expect([await described(a), await described(b)]).toEqual(['later', 'later']);
});

test('a Redis that comes back with what it had before a change brings no answer from before it', async () => {
  const { redis, a, b, back } = await startWorld({ CACHE_TTL_MS: '3600000' });
  for (const one of [a, b]) expect(await described(one)).toBeNull();
  await storedAnswers(redis);
  await redis.command('SAVE');
  await a.query(update('c001', 'changed'));
  await redis.restart();
  await until(async () => expect([await a.isUp(), await b.isUp()]).toEqual([false, false]));
  expect(await storedAnswers(redis)).toHaveLength(1);
  await back();
  expect([await described(a), await described(b)]).toEqual(['changed', 'changed']);
});

test('a link that is too slow is not used', async () => {
  const { proxy, a } = await startWorld();
  const { promise, resolve } = Promise.withResolvers<void>();
  proxy.be({ held: promise });
  const asking = described(a);
  await turns();
  await a.pass(50);
  expect(await asking).toBeNull();
  expect(await a.isUp()).toBe(false);
  resolve();
});

test('a service starts and answers without its Redis, and uses it once it is there', async () => {
  const redis = await startRedis();
  await redis.kill();
  const { elapsedMs, later, pass } = createServiceClock();
  const { replicas, calls } = await startReplicas({ redisUrl: redis.url, clock: { elapsedMs, later } });
  for (const one of replicas) expect(await described(one)).toBeNull();
  expect(calls).toHaveLength(2);
  await redis.restart();
  await until(async () => {
    await pass(2000);
    for (const { log } of replicas) expect(log.map(({ level }) => level)).toEqual(['warn', 'info']);
  });
  const [a, b] = replicas;
  await a?.query(update('c001', 'together'));
  expect(b && (await described(b))).toBe('together');
});
