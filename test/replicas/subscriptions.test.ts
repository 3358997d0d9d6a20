import { expect, test } from 'vitest';
import { CHANGES, changesOf, listen } from '../subscription/support.ts';
import { LIST, update } from '../support/sharing.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

test('a write through another replica is told with the next reading, which costs one call for all', async () => {
  const { url } = await startRedis();
  const { replicas, calls } = await startReplicas({
    redisUrl: url,
    count: 3,
    env: { SUBSCRIPTION_REFRESH_MS: '1000' },
  });
  const all = await Promise.all(
    replicas.map(async ({ post }) => listen(await post({ query: CHANGES }, { accept: 'text/event-stream' }))),
  );
  for (const events of all) await events.next();
  expect(calls).toEqual([LIST]);
  await replicas[0]?.query(update('c001', 'changed'));
  for (const events of all) expect(changesOf(await events.next())).toEqual(['CHANGED c001']);
  expect(calls.filter((call) => call === LIST)).toHaveLength(2);
});
