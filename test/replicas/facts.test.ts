import { expect, test } from 'vitest';
import { createFacts } from '../../src/replicas/facts.ts';
import { createKeys } from '../../src/replicas/keys.ts';
import { createServiceClock } from '../support/clock.ts';
import { connectRedis } from './connections.ts';
import { startRedis } from './redis-server.ts';

/** What the replica of this name tells and hears. Its clock stands still. */
async function startFacts(url: string, replica: string) {
  const redis = await connectRedis(url, { clock: createServiceClock() });
  return createFacts({ redis, keys: createKeys('certway'), accountRegion: 'us-east-1', replica });
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
  expect(await b.news()).toEqual({ facts: [], count: 600 });
});
