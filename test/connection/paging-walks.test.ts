import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type List, sorted } from '../../src/relay/list.ts';
import { allPages, type Page, sliceOfPages } from '../../src/relay/pages.ts';
import { sliceOfAll } from '../../src/relay/slices.ts';
import { parseWindow } from '../../src/relay/window.ts';
import { runs } from '../support/runs.ts';
import {
  type Collection,
  createCollection,
  everything,
  type Row,
  rows,
  rowsByKey,
  slice,
} from './paging-model.ts';

const id = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'),
  minLength: 2,
  maxLength: 2,
});
const row = fc.record({ id, rank: fc.nat(1000), key: fc.option(fc.constantFrom('a', 'b', 'c', 'd')) });
const rowList = fc.uniqueArray(row, { selector: ({ id }) => id, minLength: 1, maxLength: 40 });

const newKey = fc.constantFrom('a', 'b', 'c', 'd', null);

/** What happens between two pages: new rows, changes and deletions by index, and what happens to the row of the cursor. */
const changes = fc.record({
  created: fc.array(row, { maxLength: 4 }),
  deleted: fc.array(fc.nat(100), { maxLength: 4 }),
  changed: fc.array(fc.tuple(fc.nat(100), newKey), { maxLength: 3 }),
  ofCursor: fc.oneof(
    fc.constant('stays' as const),
    fc.constant('deleted' as const),
    fc.record({ key: newKey }),
  ),
});
type Changes = {
  created: Row[];
  deleted: number[];
  changed: [number, string | null][];
  ofCursor: 'stays' | 'deleted' | { key: string | null };
};

const walk = fc.record({
  initial: rowList,
  sizes: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
  short: fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }),
  between: fc.array(changes, { maxLength: 8 }),
});
/** Pages of a few rows of many, which AWS gives in pages of four rows or more. */
const sparseWalk = fc.record({
  initial: fc.uniqueArray(row, { selector: ({ id }) => id, minLength: 15, maxLength: 40 }),
  sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  short: fc.array(fc.constantFrom(0, 490, 494, 495, 496), { minLength: 1, maxLength: 5 }),
  between: fc.array(changes, { minLength: 3, maxLength: 8 }),
});
type Walk = { initial: Row[]; sizes: number[]; short: number[]; between: Changes[] };

type Take = (collection: Collection, size: number, cursor: string | undefined) => ReturnType<typeof slice>;

/** Walks from page to page while the collection changes, and counts how often each row was seen. */
async function run({ initial, sizes, short, between }: Walk, isBackward: boolean, take: Take) {
  const collection = createCollection(initial);
  let reads = 0;
  collection.sizeOf = (limit) => limit - (short[reads++ % short.length] ?? 0);
  const seen = new Map<string, number>();
  const touched = new Set<string>();
  const existed = new Set(initial.map(({ id }) => id));
  let cursor: string | undefined;
  for (let page = 0; ; page += 1) {
    expect(page).toBeLessThan(1000);
    const { edges, pageInfo } = await take(collection, sizes[page % sizes.length] ?? 1, cursor);
    for (const { node } of edges) seen.set(node.id, (seen.get(node.id) ?? 0) + 1);
    const isLast = isBackward ? !pageInfo.hasPreviousPage : !pageInfo.hasNextPage;
    if (isLast) break;
    cursor = (isBackward ? pageInfo.startCursor : pageInfo.endCursor) ?? undefined;
    const change = between[page];
    if (!change) continue;
    const setKey = (chosen: Row | undefined, key: string | null): void => {
      if (!chosen || chosen.key === key) return;
      touched.add(chosen.id);
      collection.put({ ...chosen, key });
    };
    const remove = (chosen: Row | undefined): void => {
      if (!chosen) return;
      touched.add(chosen.id);
      collection.delete(chosen.id);
    };
    const ofCursor = collection.get((isBackward ? edges[0] : edges.at(-1))?.node.id ?? '');
    if (typeof change.ofCursor === 'object') setKey(ofCursor, change.ofCursor.key);
    for (const [index, key] of change.changed) setKey(collection.all()[index], key);
    const deleted = change.deleted.map((index) => collection.all()[index]);
    if (change.ofCursor === 'deleted') deleted.push(ofCursor);
    for (const chosen of deleted) remove(chosen);
    for (const created of change.created) {
      if (existed.has(created.id)) continue;
      existed.add(created.id);
      touched.add(created.id);
      collection.put(created);
    }
  }
  const stayed = initial.filter(({ id }) => collection.get(id));
  return { seen: (id: string) => seen.get(id) ?? 0, stayed: stayed.map(({ id }) => id), touched };
}

const forward =
  (list: List<Row>): Take =>
  (collection, first, after) =>
    slice(collection, list, { first, after });

const backward =
  (list: List<Row>): Take =>
  (collection, last, before) =>
    slice(collection, list, { last, before });

const matches = ({ key }: Row) => key === 'a';

/** A filtered list has its own cursors, and the order of the one that it is made of. */
const filtered =
  (of: List<Row>, isBackward: boolean): Take =>
  async (collection, size, cursor) => {
    const list = { ...of, digest: `filtered ${of.digest}` };
    const all = sorted(list, await everything(collection));
    const some = all.filter(({ node }) => matches(node));
    const args = isBackward ? { last: size, before: cursor } : { first: size, after: cursor };
    return sliceOfAll(list, some, parseWindow(list, args), all);
  };

/** At most three are deleted between two pages, of which the cursor's may be one. */
const fewDeletions = (between: Changes[]): Changes[] =>
  between.map((change) => ({ ...change, deleted: change.deleted.slice(0, 2) }));

test('a plain walk never skips rows that stay, whatever is created, deleted and changed meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(walk, async (walk) => {
      const { stayed, seen } = await run(walk, false, forward(rows));
      expect(stayed.filter((id) => seen(id) === 0)).toEqual([]);
    }),
    { numRuns: runs(3000) },
  );
});

test('a plain walk sees rows that stay exactly once, as long as one of the last four rows of each page stays', async () => {
  await fc.assert(
    fc.asyncProperty(walk, async (walk) => {
      const between = fewDeletions(walk.between).map((change) => ({ ...change, created: [] }));
      const { stayed, seen } = await run({ ...walk, between }, false, forward(rows));
      expect(stayed.filter((id) => seen(id) !== 1)).toEqual([]);
    }),
    { numRuns: runs(3000) },
  );
});

for (const [name, list] of [
  ['ascending', rowsByKey(false)],
  ['descending', rowsByKey(true)],
] as const)
  for (const [way, isBackward, take] of [
    ['forward', false, forward(list)],
    ['backward', true, backward(list)],
  ] as const)
    test(`a walk ${way} in ${name} order sees rows that stay and keep their sort key exactly once`, async () => {
      await fc.assert(
        fc.asyncProperty(walk, async (walk) => {
          const { stayed, touched, seen } = await run(walk, isBackward, take);
          expect(stayed.filter((id) => !touched.has(id) && seen(id) !== 1)).toEqual([]);
        }),
        { numRuns: runs(1500) },
      );
    });

test('a backward walk in AWS’s order never skips rows that stay', async () => {
  await fc.assert(
    fc.asyncProperty(walk, async (walk) => {
      const { stayed, seen } = await run(walk, true, backward(rows));
      expect(stayed.filter((id) => seen(id) === 0)).toEqual([]);
    }),
    { numRuns: runs(2000) },
  );
});

for (const [way, isBackward] of [
  ['forward', false],
  ['backward', true],
] as const) {
  const filteredRows = (walk: Walk, touched: Set<string>) =>
    walk.initial.filter((row) => matches(row) && !touched.has(row.id)).map(({ id }) => id);

  test(`a filtered walk ${way} never skips rows that stay and match`, async () => {
    await fc.assert(
      fc.asyncProperty(sparseWalk, async (walk) => {
        const { touched, seen } = await run(walk, isBackward, filtered(rows, isBackward));
        expect(filteredRows(walk, touched).filter((id) => seen(id) === 0)).toEqual([]);
      }),
      { numRuns: runs(2000) },
    );
  });

  for (const [name, list] of [
    ['AWS’s', rows],
    ['ascending', rowsByKey(false)],
    ['descending', rowsByKey(true)],
  ] as const)
    test(`a filtered walk ${way} in ${name} order sees rows that stay and match exactly once, as long as one of the last four rows stays`, async () => {
      await fc.assert(
        fc.asyncProperty(sparseWalk, async (walk) => {
          const between = fewDeletions(walk.between);
          const { touched, seen } = await run({ ...walk, between }, isBackward, filtered(list, isBackward));
          expect(filteredRows(walk, touched).filter((id) => seen(id) !== 1)).toEqual([]);
        }),
        { numRuns: runs(1500) },
      );
    });
}

test('a page that was read alone before names the items before it once all are read', async () => {
  const all = Array.from({ length: 1000 }, (_, rank): Row => ({ id: `i${rank}`, rank, key: null }));
  const collection = createCollection(all);
  const pages = new Map<string, Promise<Page<Row>>>();
  const read = (limit: number, position: string | undefined) => {
    const page = pages.get(`${limit} ${position}`) ?? collection.read(limit, position);
    pages.set(`${limit} ${position}`, page);
    return page;
  };
  const { pageInfo } = await sliceOfPages(rows, { first: 500 }, read);
  await sliceOfPages(rows, parseWindow(rows, { first: 500, after: pageInfo.endCursor }), read);
  const whole = await Array.fromAsync(allPages(rows, read, 2), ({ items }) => items);
  expect(collection.limits).toEqual([500, 500]);
  expect(whole[1]?.[0]?.place.ids).toEqual(['i500', 'i499', 'i498', 'i497']);
});
