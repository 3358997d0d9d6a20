import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lookup, until, update } from '../support/sharing.ts';
import { described, startWorld } from './frozen.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';
import { storedAnswers } from './stored-answers.ts';

/** Keys of which any may be evicted, or be something that no replica has written. */
const KEYS = ['version', 'epochs'];

test.for(KEYS)('where %s is of another type, it is dropped, and Redis is used on', async (name) => {
  const { a, b, redis, told } = await startWorld();
  await described(a);
  await redis.command('DEL', `{certway:1}:${name}`);
  await redis.command('LPUSH', `{certway:1}:${name}`, 'x');
  await described(b);
  await a.query(update('c001', 'first'));
  await described(b);
  await a.query(update('c001', 'second'));
  expect([await described(b), await described(a)]).toEqual(['second', 'second']);
  expect([await a.isUp(), await b.isUp()]).toEqual([true, true]);
  for (const lines of told()) expect(lines.map(({ level }) => level)).toEqual(['info']);
});

test('where an answer or a lease is of another type, or is nonsense, the answer is right and Redis is used on', async () => {
  const redis = await startRedis();
  const { replicas } = await startReplicas({ redisUrl: redis.url, count: 2, env: { CACHE_TTL_MS: '1' } });
  const [a, b] = replicas;
  await a?.query(update('c001', 'right'));
  const answer = async () => {
    const [key] = (await redis.command('KEYS', '*answer*')) as string[];
    return key ?? '';
  };
  await b?.query(lookup('c001'));
  await until(async () => expect(await answer()).not.toBe(''));
  const key = await answer();
  const lease = key.replace(':answer:', ':lease:');
  for (const odd of [
    ['SET', key, 'x'],
    ['HSET', key, 'at', 'x'],
    ['HDEL', key, 'text'],
    ['HSET', key, 'text', '{"items":1}', 'hash', 'other'],
    ['LPUSH', lease, 'x'],
    ['SET', lease, 'x', 'PX', '50'],
  ]) {
    await redis.command('DEL', odd[0] === 'HSET' || odd[0] === 'HDEL' ? lease : `${odd[1]}`);
    await redis.command(...odd);
    await wait(2); // until what is known is too old
    for (const one of replicas)
      expect((await one.query(lookup('c001'))).data.clientCertificate.description, odd.join(' ')).toBe(
        'right',
      );
  }
  for (const { log } of replicas) expect(log.filter(({ level }) => level === 'warn')).toEqual([]);
});

test('where an answer has lost its hash, nobody takes what is known from before a change for it', async () => {
  const { a, b, redis } = await startWorld();
  for (const one of [a, b]) expect(await described(one)).toBeNull();
  const [before = ''] = await storedAnswers(redis);
  await a.query(update('c001', 'changed'));
  expect(await described(a)).toBe('changed');
  const keys = await storedAnswers(redis, 2);
  for (const key of keys.filter((key) => key !== before)) await redis.command('HDEL', key, 'hash');
  expect(await described(b)).toBe('changed');
});

test.for(KEYS)('an evicted %s counts as a change', async (name) => {
  const { a, b, redis } = await startWorld();
  await a.query(update('c001', 'before'));
  expect(await described(b)).toBe('before');
  await redis.command('DEL', `{certway:1}:${name}`);
  await a.query(update('c001', 'after'));
  expect([await described(b), await described(a)]).toEqual(['after', 'after']);
  await b.query(update('c001', 'later'));
  expect([await described(a), await described(b)]).toEqual(['later', 'later']);
});

test('evicted answers and leases are asked for again, and no answer is older than a change', async () => {
  const redis = await startRedis();
  const { replicas, calls } = await startReplicas({ redisUrl: redis.url, count: 3 });
  for (const [i, { query }] of replicas.entries()) {
    const keys = (await redis.command('KEYS', '*[ae][ns][sew]*')) as string[];
    if (keys.length > 0) await redis.command('DEL', ...keys);
    await query(update('c001', `by ${i}`));
    for (const other of replicas)
      expect((await other.query(lookup('c001'))).data.clientCertificate.description).toBe(`by ${i}`);
  }
  expect(calls.length).toBeGreaterThan(3);
});
