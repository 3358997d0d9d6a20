import { expect, test } from 'vitest';
import { COUNT, page, until } from '../support/sharing.ts';
import { startWorld, type World } from './frozen.ts';

const TTL_MS = 3_600_000;

async function areStored({ redis }: World, count: number): Promise<void> {
  await until(async () => expect(await redis.command('KEYS', '*answer*')).toHaveLength(count));
}

const costing = (made: number, reused: number) => ({ extensions: { cost: { awsCalls: { made, reused } } } });

test('what is put together from pages is as old as the oldest of them', async () => {
  const world = await startWorld({ CACHE_TTL_MS: `${TTL_MS}` }, { certificates: 600 });
  const { a, b, passForAll } = world;
  await a.query(page(500));
  await areStored(world, 1);
  await passForAll(0.9 * TTL_MS);
  expect(await b.query(COUNT)).toMatchObject(costing(1, 1)); // the first page was told, AWS is asked for the second
  await areStored(world, 2);
  await passForAll(0.2 * TTL_MS);
  expect(await b.query(COUNT)).toMatchObject(costing(1, 1)); // the other way round
});
