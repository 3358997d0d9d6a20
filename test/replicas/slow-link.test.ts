import { expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { turns } from '../support/clock.ts';
import { COUNT, lookup, until, update } from '../support/sharing.ts';
import { described, startWorld, type World } from './frozen.ts';
import { storedAnswers } from './stored-answers.ts';

const KEY = 'k'.repeat(40);
const never = new Promise(() => undefined);

/** Asks over a link on which the first commands take so long, and all others for ever. */
async function askSlowly<R>(
  { proxy, a }: World,
  ms: number,
  ask: () => Promise<R>,
): Promise<{ asking: Promise<R> }> {
  const versions = () => proxy.asked().split(':version').length;
  const before = versions();
  const { promise: held, resolve } = Promise.withResolvers<void>();
  proxy.be({ held });
  const asking = ask();
  await until(() => expect(versions()).toBeGreaterThan(before));
  await turns(); // all are sent at once
  await a.pass(ms);
  proxy.be({ held: never });
  resolve();
  return { asking };
}

/** Resolves once it has sent one of these more often than before. */
async function sends({ proxy }: World, what: string, before: number): Promise<void> {
  await until(() => expect(proxy.asked().split(what).length).toBeGreaterThan(before));
}
const count = ({ proxy }: World, what: string) => proxy.asked().split(what).length;

async function known(world: World) {
  for (const one of [world.a, world.b]) expect(await described(one)).toBeNull();
  await storedAnswers(world.redis);
}

test('a change is seen on a link of 25 ms, and nobody waits for longer than 50 ms', async () => {
  const world = await startWorld();
  const { a, b } = world;
  await known(world);
  await b.query(update('c001', 'changed'));
  const takes = count(world, 'answer:');
  const { asking } = await askSlowly(world, 25, () => described(a));
  await sends(world, 'answer:', takes);
  await a.pass(25);
  expect(await asking).toBe('changed');
  expect(await a.isUp()).toBe(true);
});

test('the limit of requests counts among the 50 ms', async () => {
  const world = await startWorld({
    RATE_LIMIT_PER_MINUTE: '100',
    AUTH: 'api-key',
    API_KEYS: apiKeyEntry('portal', KEY),
  });
  const { a } = world;
  const ask = async () => a.post({ query: lookup('c001') }, { authorization: `Bearer ${KEY}` });
  const takes = count(world, 'answer:');
  const { asking } = await askSlowly(world, 40, ask);
  await sends(world, 'answer:', takes);
  await a.pass(10);
  const response = await asking;
  expect(response.headers.get('ratelimit-remaining')).toBe('99');
  expect((await response.json()).data.clientCertificate).toMatchObject({ clientCertificateId: 'c001' });
  await a.pass(50); // it is not only late
  expect(await a.isUp()).toBe(false);
});

test('for many pages, a request waits no longer than for one', async () => {
  const world = await startWorld({}, { certificates: 1100 });
  const { a, calls } = world;
  const takes = count(world, 'answer:');
  const { asking } = await askSlowly(world, 30, () => a.query(COUNT));
  await sends(world, 'answer:', takes);
  await a.pass(20);
  expect(await asking).toMatchObject({ data: { clientCertificates: { totalCount: 1100 } } });
  expect(calls).toHaveLength(3);
  expect(count(world, 'answer:')).toBe(takes + 1);
});

test('a write is answered in time, and seen by the others once Redis has got it', async () => {
  const world = await startWorld();
  const { a, b, calls } = world;
  await known(world);
  const before = calls.length;
  const { asking } = await askSlowly(world, 40, () => a.query(update('c001', 'changed')));
  await until(() => expect(calls.length).toBeGreaterThan(before));
  await sends(world, 'HGETALL', 0);
  const versions = count(world, ':version');
  await sends(world, ':version', versions - 1);
  await until(async () => {
    await a.pass(1);
    expect(await Promise.race([asking.then(() => true), turns().then(() => false)])).toBe(true);
  });
  world.proxy.be({});
  await world.back();
  expect(await described(b)).toBe('changed');
});

test('a lease that comes too late keeps nobody waiting', async () => {
  const world = await startWorld();
  const { a, b, proxy } = world;
  const takes = count(world, 'answer:');
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const { asking } = await askSlowly(world, 40, () => described(a));
  proxy.be({ held });
  await sends(world, 'answer:', takes);
  await a.pass(10);
  await asking;
  resolve();
  proxy.be({});
  await until(async () => expect(await world.redis.command('KEYS', '*lease*')).toEqual([]));
  expect(await described(b)).toBeNull();
});

test('nobody waits until an answer is deleted that cannot be read', async () => {
  const { redis, proxy, a, b } = await startWorld();
  await described(a);
  const [key = ''] = await storedAnswers(redis);
  await redis.command('HSET', key, 'hash', 'of nonsense', 'text', 'nonsense');
  proxy.be({
    get held() {
      return proxy.asked().includes('\r\nDEL\r\n') ? never : undefined;
    },
  });
  expect(await described(b)).toBeNull(); // although no time passes
});
