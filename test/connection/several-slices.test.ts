import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countThrough } from '../../src/relay/cursor-in-list.ts';
import { decodeCursor } from '../../src/relay/cursors.ts';
import { compare, type List, type Placed, type SortKey, sorted } from '../../src/relay/list.ts';
import { edgeForNew, sliceOfAll } from '../../src/relay/slices.ts';
import { type PageArguments, parseWindow } from '../../src/relay/window.ts';
import { runs } from '../support/runs.ts';
import { type Row, rows, rowsByKey } from './paging-model.ts';
import { createPlaces, everythingOf, NAMES, overAll, rowsOfEach } from './several-model.ts';

const nameOf = ({ node, place }: Placed<Row>) => `${place.where} ${node.id}`;

/** The order that a list promises, in the simplest code. */
function inOrder(list: List<Row>, all: { row: Row; where: string }[]): string[] {
  const order = [...all];
  if (list.order)
    order.sort((a, b) => {
      if (a.row.key === b.row.key) return `${a.row.id} ${a.where}` < `${b.row.id} ${b.where}` ? -1 : 1;
      if (a.row.key === null) return 1;
      if (b.row.key === null) return -1;
      return (a.row.key < b.row.key ? -1 : 1) * (list.order?.descending ? -1 : 1);
    });
  return order.map(({ row, where }) => `${where} ${row.id}`);
}

const size = fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined });
const place = fc.option(fc.nat(40), { nil: undefined });
const anyList = fc.constantFrom(rows, { ...rows, digest: 'filtered' }, rowsByKey(false), rowsByKey(true));

/** All rows in the order of a list over all of them, and a page of it. */
async function start(initial: Row[][], of: List<Row> = rows) {
  const places = createPlaces(initial);
  const list = overAll(places, of);
  const all = async () => sorted(list, await everythingOf(places));
  const page = async (args: PageArguments) => sliceOfAll(list, await all(), parseWindow(list, args));
  const names = async (args: PageArguments) => {
    const { edges } = await page(args);
    const cursors = edges.map(({ cursor }) => decodeCursor(list, cursor)?.where);
    return edges.map(({ node }, i) => `${cursors[i]} ${node.id}`);
  };
  return { places, list, all, page, names };
}

test('a window over several accounts and regions is that of the list of all their items, both ways and in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      rowsOfEach,
      anyList,
      size,
      size,
      place,
      place,
      async (initial, of, first, last, from, to) => {
        fc.pre(first === undefined || last === undefined);
        const { places, all, page, names } = await start(initial, of);
        const expectedAll = inOrder(
          of,
          places.flatMap(({ name: where, collection }) => collection.all().map((row) => ({ row, where }))),
        );
        expect((await all()).map(nameOf)).toEqual(expectedAll);

        const cursors = (await page({ first: 500 })).edges.map(({ cursor }) => cursor);
        expect(new Set(cursors).size).toBe(expectedAll.length);
        const after = from === undefined ? undefined : cursors[from];
        const before = to === undefined ? undefined : cursors[to];
        const args = { first, last, after, before };

        // https://relay.dev/graphql/connections.htm#sec-Pagination-algorithm
        const begin = after === undefined ? 0 : (from ?? 0) + 1;
        const end = before === undefined ? expectedAll.length : (to ?? 0);
        const between = expectedAll.slice(begin, Math.max(begin, end));
        const backward = last ?? (first === undefined && before !== undefined ? 25 : undefined);
        const expected =
          backward === undefined
            ? between.slice(0, first ?? 25)
            : between.slice(Math.max(0, between.length - backward));
        expect(await names(args)).toEqual(expected);
        const { pageInfo } = await page(args);
        if (backward === undefined) expect(pageInfo.hasNextPage).toBe(between.length > (first ?? 25));
        else expect(pageInfo.hasPreviousPage).toBe(between.length > backward);
      },
    ),
    { numRuns: runs(3000) },
  );
});

test('the place of a cursor in an order is that of the first item behind it', async () => {
  const key = fc.option(fc.oneof(fc.constantFrom(-1, 0, 1, 2, 3), fc.constant(1e13)));
  const item = fc.record({
    key,
    id: fc.option(fc.constantFrom('a', 'b', 'c')),
    where: fc.constantFrom(...NAMES),
  });
  type Keyed = { key: SortKey; id: string | null; where: string };
  await fc.assert(
    fc.property(
      fc.array(item, { maxLength: 40 }),
      item,
      fc.boolean(),
      (all: Keyed[], one: Keyed, descending) => {
        const list: List<Keyed> = {
          type: 'Keyed',
          idOf: ({ id }) => id ?? undefined,
          digest: 'd',
          order: { name: 'key', keyOf: ({ key }) => key, descending },
          places: NAMES,
        };
        const placed = (node: Keyed): Placed<Keyed> => ({
          node,
          place: { position: null, place: 0, key: null, ids: [], where: node.where },
        });
        const items = sorted(list, all.map(placed));
        const cursor = {
          digest: 'd',
          position: null,
          place: 0,
          key: one.key,
          ids: [one.id ?? undefined],
          where: one.where,
        };
        const behind = items.findIndex(({ place }) => compare(place, cursor, descending) > 0);
        expect(countThrough(list, items, cursor)).toBe(behind === -1 ? items.length : behind);
      },
    ),
    { numRuns: runs(3000) },
  );
});

const row = (id: string, rank: number, key: string | null = null): Row => ({ id, rank, key });
const [ONE = '', TWO = '', THREE = ''] = NAMES;

test('items with the same id in two accounts are two items, in each order', async () => {
  const twins = [[row('a', 1, 'k')], [row('a', 1, 'k')], [row('a', 1, 'k')]];
  for (const list of [rows, rowsByKey(false), rowsByKey(true)]) {
    const { names, page } = await start(twins, list);
    const all = await names({});
    expect(all).toEqual((list === rows ? [ONE, TWO, THREE] : [THREE, TWO, ONE]).map((where) => `${where} a`));
    const { edges } = await page({});
    for (const [i, { cursor }] of edges.entries()) {
      expect(await names({ after: cursor })).toEqual(all.slice(i + 1));
      expect(await names({ before: cursor })).toEqual(all.slice(0, i));
    }
  }
});

test('a cursor of an account and region that cannot be read is the border where its items would be', async () => {
  const { places, list, page } = await start([[row('a', 1)], [row('b', 1), row('c', 2)], [row('b', 1)]]);
  const { edges } = await page({});
  const without = await everythingOf(places.filter(({ name }) => name !== TWO));
  const idsOf = (args: PageArguments) =>
    sliceOfAll(list, without, parseWindow(list, args)).edges.map(({ node }) => node.id);
  const loose = edgeForNew({ ...rows, where: TWO }, row('b', 1)).cursor;
  for (const cursor of [edges[1]?.cursor, edges[2]?.cursor, loose]) {
    expect(idsOf({ after: cursor })).toEqual(['b']);
    expect(idsOf({ before: cursor })).toEqual(['a']);
  }
});

test('a cursor whose items are all gone leads to the whole rest of its account and region, and to no other', async () => {
  const ofTwo = [row('b', 1), row('c', 2), row('d', 3), row('e', 4), row('f', 5), row('g', 6)];
  const { places, names, page } = await start([[row('a', 1)], ofTwo, [row('b', 1)]]);
  const cursor = (await page({})).edges[5]?.cursor;
  for (const id of ['c', 'd', 'e', 'f']) places[1]?.collection.delete(id);
  expect(await names({ after: cursor })).toEqual([`${TWO} b`, `${TWO} g`, `${THREE} b`]);
  expect(await names({ before: cursor })).toEqual([`${ONE} a`, `${TWO} b`, `${TWO} g`]);
});

test('a cursor whose items are all gone leads to the beginning of its account and region if it stood there', async () => {
  const ofTwo = [row('b', 1), row('c', 2), row('d', 3)];
  const { places, names, page } = await start([[row('a', 1)], ofTwo, [row('b', 1)]]);
  const cursor = (await page({})).edges[2]?.cursor;
  for (const id of ['b', 'c']) places[1]?.collection.delete(id);
  expect(await names({ after: cursor })).toEqual([`${TWO} d`, `${THREE} b`]);
  expect(await names({ before: cursor })).toEqual([`${ONE} a`]);
});

test('the cursor of a new item leads to its place, and is refused when it is gone from its account and region', async () => {
  const { places, names } = await start([
    [row('a', 1)],
    [row('b', 1), row('c', 2)],
    [row('b', 1), row('d', 2)],
  ]);
  const cursor = edgeForNew({ ...rows, where: THREE }, row('b', 1)).cursor;
  expect(await names({ after: cursor })).toEqual([`${THREE} d`]);
  expect(await names({ before: cursor })).toEqual([`${ONE} a`, `${TWO} b`, `${TWO} c`]);
  places[2]?.collection.delete('b');
  for (const name of ['after', 'before'])
    await expect(names({ [name]: cursor })).rejects.toMatchObject({
      issues: [{ path: [name], message: expect.stringContaining('the cursor of a Row that is in the list') }],
    });
});
