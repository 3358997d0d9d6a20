import { expect, test } from 'vitest';
import { LIST, lookup, turns, until } from '../support/sharing.ts';
import { startWorld, type World } from './frozen.ts';
import { storedAnswers } from './stored-answers.ts';

const HOUR_MS = 3_600_000;
const reused = { extensions: { cost: { awsCalls: { made: 0, reused: 1 } } } };

/** Two replicas with an answer that is used for an hour, and has been known for so long, by their clocks and by that of Redis. */
async function startKnowing(ageMs: number) {
  const world = await startWorld({ CACHE_TTL_MS: `${HOUR_MS}`, CACHE_STALE_MS: `${2 * HOUR_MS}` });
  for (const { query } of [world.a, world.b]) await query(lookup('c001'));
  await storedAnswers(world.redis);
  await world.passForAll(ageMs);
  return world;
}

const use = async ({ query }: World['a']) => expect(await query(lookup('c001'))).toMatchObject(reused);

test('what is still used is read ahead of time by one replica, and the others take it', async () => {
  const { a, b, calls, pass } = await startKnowing(0.9 * HOUR_MS);
  await use(a);
  await until(() => expect(calls).toEqual([LIST, LIST]));
  await turns();
  await use(b);
  const taken = /^certway_shared_cache_reads_total\{outcome="fresh"\} 2$/m; // at first, and now
  await until(async () => expect(await b.metrics.text()).toMatch(taken));
  await pass(0.5 * HOUR_MS);
  for (const one of [a, b]) await use(one);
  expect(calls).toEqual([LIST, LIST]);
});

test('it is not read ahead before the last tenth of its time', async () => {
  const { a, calls } = await startKnowing(0.89 * HOUR_MS);
  await use(a);
  await turns();
  expect(calls).toEqual([LIST]);
});

test('while AWS fails for another replica, nothing is read ahead, and nobody takes AWS to fail here', async () => {
  const { a, calls, passForAll, redis } = await startKnowing(0.9 * HOUR_MS);
  const [key = ''] = await storedAnswers(redis);
  await redis.command('SET', key.replace(':answer:', ':lease:'), 'failed');
  await use(a);
  await until(async () => expect(await a.metrics.text()).toMatch(/_reads_total\{outcome="alone"\} 1$/m));
  await turns();
  expect(calls).toEqual([LIST]);
  await passForAll(0.1 * HOUR_MS);
  const { extensions } = await a.query(lookup('c001'));
  expect(extensions).toEqual({ cost: { awsCalls: { made: 1, joined: 0, reused: 0 } } }); // and is not stale
});
