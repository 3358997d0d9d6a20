import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from '../src/edge/turns.ts';

/** As an operation that has nothing to wait for. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('operations that come at once are begun in their order, with turns of the event loop for others in between', async () => {
  const turn = createTurns(() => performance.now());
  const done: number[] = [];
  let turns = 0;
  const others = (async () => {
    while (done.length < 30) {
      await nextTurn();
      turns += 1;
    }
  })();
  const operations = Array.from({ length: 30 }, async (_, i) => {
    await turn();
    work(4);
    done.push(i);
  });
  await Promise.all([...operations, others]);
  expect(done).toEqual(Array.from({ length: 30 }, (_, i) => i));
  expect(turns).toBeGreaterThan(5);
});

test('an operation does not wait for another that waits for something itself', async () => {
  const turn = createTurns(() => performance.now());
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = turn().then(() => promise);
  await turn();
  resolve();
  await first;
});
