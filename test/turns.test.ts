import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns, useTurns } from '../src/plugins/turns.ts';

const elapsedMs = () => performance.now();

/** As an operation that has nothing to wait for. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('operations that come at once are begun in their order, with turns of the event loop for others in between', async () => {
  const turn = createTurns(elapsedMs, 0);
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
  const turn = createTurns(elapsedMs, 0);
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = turn().then(() => promise);
  await turn();
  resolve();
  await first;
});

test('while many of one kind wait, others have most of the time', async () => {
  const [ofNew, ofKnown] = [createTurns(elapsedMs, 4), createTurns(elapsedMs, 0)];
  let isOver = false;
  let known = 0;
  const others = (async () => {
    while (!isOver) {
      await ofKnown();
      work(1);
      known += 1;
    }
  })();
  const operations = Array.from({ length: 5 }, async () => {
    await ofNew();
    work(4);
  });
  await Promise.all(operations);
  isOver = true;
  await others;
  expect(known).toBeGreaterThan(12); // without pauses about one for each
});

test('the pause is short, however long a turn was', async () => {
  let clockMs = 0;
  const turn = createTurns(() => clockMs, 4);
  const first = turn().then(() => {
    clockMs += 3_600_000;
  });
  await Promise.all([first, turn(), turn()]);
});

/** Has operations begin by their documents, which are known from then on that one has begun. */
function startTurns() {
  const known = new Set<string>();
  const { onParams } = useTurns({ isKnown: (document) => known.has(document), elapsedMs });
  const order: string[] = [];
  const begin = async (query: string, name: string, gone = new AbortController()) => {
    const context = { exchange: { arrival: { gone: () => gone.signal } } };
    await onParams?.({ params: { query }, context } as Parameters<typeof onParams>[0]);
    work(2);
    known.add(query);
    order.push(name);
  };
  return { begin, order };
}

test('a known document waits for no new one', async () => {
  const { begin, order } = startTurns();
  await begin('a', 'a1');
  const all = [begin('b', 'b'), begin('c', 'c'), begin('d', 'd'), begin('a', 'a2'), begin('a', 'a3')];
  await Promise.all(all);
  expect(order.toSpliced(order.indexOf('b'), 1)).toEqual(['a1', 'a2', 'a3', 'c', 'd']);
});

test('one that has become known while it waited goes on as such', async () => {
  const { begin, order } = startTurns();
  const all = ['a1', 'b', 'c', 'd', 'a2', 'a3', 'a4'].map((name) => begin(name.slice(0, 1), name));
  await Promise.all(all);
  expect(order).toEqual(['a1', 'b', 'c', 'd', 'a2', 'a3', 'a4']);
});

test('who has gone meanwhile does not begin', async () => {
  const { begin, order } = startTurns();
  const gone = new AbortController();
  const [first, left, last] = [begin('a', 'a'), begin('b', 'b', gone), begin('c', 'c')];
  gone.abort();
  await expect(left).rejects.toThrow('The client has gone.');
  await Promise.all([first, last]);
  expect(order).toEqual(['a', 'c']);
});
