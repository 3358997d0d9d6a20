import { expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

const QUERY = { query: '{ __typename }' };
const KEY = 'k'.repeat(40);

async function startLimited() {
  const redis = await startRedis();
  const world = await startReplicas({
    redisUrl: redis.url,
    count: 3,
    env: { RATE_LIMIT_PER_MINUTE: '4', AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', KEY) },
    headers: { authorization: `Bearer ${KEY}` },
  });
  const ask = async (i: number) => {
    const { status, headers } = (await world.replicas[i]?.post(QUERY)) ?? {};
    return [status, headers?.get('ratelimit-remaining')];
  };
  return { ...world, redis, ask };
}

test('all replicas together allow what one would', async () => {
  const { ask } = await startLimited();
  const answers = [await ask(0), await ask(1), await ask(2), await ask(0), await ask(1), await ask(2)];
  expect(answers).toEqual([
    [200, '3'],
    [200, '2'],
    [200, '1'],
    [200, '0'],
    [429, '0'],
    [429, '0'],
  ]);
});

test('while Redis does not answer, each replica counts for itself', async () => {
  const { ask, redis } = await startLimited();
  await ask(0);
  await redis.kill();
  const answers = [await ask(0), await ask(0), await ask(1)];
  expect(answers).toEqual([
    [200, '3'],
    [200, '2'],
    [200, '3'],
  ]);
});

test('Redis keeps no name of a caller', async () => {
  const { ask, redis } = await startLimited();
  await ask(0);
  const keys = (await redis.command('KEYS', '*limit*')) as string[];
  expect(keys).toHaveLength(1);
  expect(keys.join()).not.toContain('portal');
});
