import { expect, test } from 'vitest';
import { heapUsed } from '../support/heap.ts';
import { CHANGES, listen, startWithClock } from './support.ts';

const MIB = 1024 * 1024;
const SUBSCRIPTIONS = 20;

test.for(['variables', 'extensions'])('a subscription keeps no %s that it has no use for', async (name) => {
  const { post } = await startWithClock();
  const unused = Array.from({ length: 80_000 }, () => ({})); // 5 MiB in memory
  const subscribe = async (more: object = {}) => {
    const events = listen(await post({ query: CHANGES, ...more }, { accept: 'text/event-stream' }));
    await events.next();
    return events;
  };
  await subscribe();
  const before = heapUsed();
  const open = [];
  for (let i = 0; i < SUBSCRIPTIONS; i += 1) open.push(await subscribe({ [name]: { unused } }));
  expect((heapUsed() - before) / MIB).toBeLessThan(SUBSCRIPTIONS / 3);
  expect(open).toHaveLength(SUBSCRIPTIONS);
});
