import { setImmediate as endOfTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type List, type Placed, sorted } from '../../src/relay/list.ts';
import { createMerge, type Merge } from '../../src/relay/merge.ts';
import { collectGarbage } from '../support/heap.ts';
import { runs } from '../support/runs.ts';
import { type Row, rows, rowsByKey } from './paging-model.ts';
import { createPlaces, everythingOfOne, NAMES, rowsOfEach, rowsOfOne } from './several-model.ts';

const never = () => new Promise<void>(() => undefined);

const listsOf = (initial: Row[][]) => Promise.all(createPlaces(initial).map(everythingOfOne));

test('merged lists are as if everything was sorted, whatever has changed since the last time', async () => {
  const change = fc.record({ index: fc.nat(NAMES.length - 1), rows: fc.option(rowsOfOne, { nil: [] }) });
  await fc.assert(
    fc.asyncProperty(rowsOfEach, fc.array(change, { maxLength: 6 }), async (initial, changes) => {
      const merge = createMerge<Row>();
      const orders = [rowsByKey(false), rowsByKey(true)];
      const ofEach = new Map<List<Row>, Placed<Row>[][]>();
      const all = await listsOf(initial);
      for (const list of orders)
        ofEach.set(
          list,
          all.map((one) => sorted(list, one)),
        );
      for (const next of [undefined, ...changes]) {
        if (next && next.index < all.length) {
          const [changed = []] = (await listsOf(initial.map(() => next.rows))).slice(next.index);
          all[next.index] = changed;
          for (const [list, lists] of ofEach) lists[next.index] = sorted(list, changed);
        }
        for (const [list, lists] of ofEach) {
          const merged = await merge(list, lists, never);
          expect(merged).toEqual(sorted(list, all.flat()));
          expect(await merge(list, [...lists], never)).toBe(merged);
        }
        expect(await merge(rows, all, never)).toEqual(all.flat());
      }
    }),
    { numRuns: runs(1000) },
  );
});

/** Lists of 60 items with keys that are all mixed, in their order. */
const byKey = rowsByKey(false);
const listOf = (index: number): Placed<Row>[] =>
  sorted(
    byKey,
    Array.from({ length: 60 }, (_, i) => {
      const number = (index * 60 + i) * 7919;
      const node = { id: `${index}-${i}`, rank: i, key: String(number % 10_007) };
      return {
        node,
        place: { position: null, place: i + 1, key: null, ids: [node.id], where: `a/${index}` },
      };
    }),
  );
const listsOf60 = (count: number) => Array.from({ length: count }, (_, index) => listOf(index));

/** Merges, and counts how often it had to take its turn. */
async function count(merge: Merge<Row>, lists: Placed<Row>[][]) {
  let turns = 0;
  const merged = await merge(byKey, lists, async () => {
    turns += 1;
  });
  return { merged, turns };
}

test('a short merge is synchronous, and so is a long one that is known', async () => {
  const merge = createMerge<Row>();
  expect(merge(byKey, listsOf60(12), never)).toHaveLength(720);
  const lists = listsOf60(200);
  expect(merge(byKey, lists, never)).toBeInstanceOf(Promise);
  const { merged } = await count(merge, lists);
  expect(merged).toEqual(sorted(byKey, lists.flat()));
  expect(merge(byKey, [...lists], never)).toBe(merged);
});

test('a long merge takes its turn whenever it has moved 5,000 items', async () => {
  const { turns } = await count(createMerge(), listsOf60(256));
  const moved = 8 * 256 * 60; // eight levels of pairs
  expect(turns).toBe(Math.ceil(moved / 5000) - 1);
});

test('if one list changes, or is left out, only the merges that it is in are made again', async () => {
  const merge = createMerge<Row>();
  const lists = listsOf60(256);
  await count(merge, lists);
  for (const other of [listOf(999), []]) {
    const changed = lists.with(100, other);
    const { merged, turns } = await count(merge, changed);
    expect(merged).toEqual(sorted(byKey, changed.flat()));
    expect(turns).toBeLessThanOrEqual((2 * 256 * 60) / 5000); // each level moves half of the one above
  }
});

test('those who merge the same at once share the work, and one that gives up does not hinder the others', async () => {
  const merge = createMerge<Row>();
  const lists = listsOf60(256);
  const { turns: ofOne } = await count(createMerge(), lists);
  const gone = new Error('gone');
  const leaving = Promise.resolve(merge(byKey, lists, () => Promise.reject(gone)));
  const both = [count(merge, lists), count(merge, lists)];
  await expect(leaving).rejects.toBe(gone);
  const [one, two] = await Promise.all(both);
  expect(one?.merged).toEqual(sorted(byKey, lists.flat()));
  expect(two?.merged).toBe(one?.merged);
  expect((one?.turns ?? 0) + (two?.turns ?? 0)).toBeLessThanOrEqual(ofOne);
});

test('what was merged is kept no longer than the lists that it was made of', async () => {
  const merge = createMerge<Row>();
  const lists = listsOf60(256);
  const mergedOf = async () => new WeakRef((await count(merge, lists)).merged);
  const before = await mergedOf();
  await endOfTurn();
  collectGarbage();
  expect(before.deref()).toBeDefined(); // nobody but the merge has it
  lists[100] = listOf(999);
  await endOfTurn();
  collectGarbage();
  expect(before.deref()).toBeUndefined();
});
