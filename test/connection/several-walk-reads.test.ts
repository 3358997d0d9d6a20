import { expect, test } from 'vitest';
import { sliceOfEdges } from '../../src/relay/slices.ts';
import { walkPlaces } from '../../src/relay/walk.ts';
import { parseWindow } from '../../src/relay/window.ts';
import type { Row } from './paging-model.ts';
import { createPlaces, createWalker, NAMES, namesOf, overAll, Unavailable } from './several-model.ts';

const [ONE = '', TWO = '', THREE = '', FOUR = '', FIVE = ''] = NAMES;

/** Accounts and regions with so many rows. */
function start(...counts: number[]) {
  const rowsOf = (count: number): Row[] =>
    Array.from({ length: count }, (_, i) => ({ id: `r${i}`, rank: i, key: null }));
  const places = createPlaces(counts.map(rowsOf));
  const down = new Set<string>();
  const walker = createWalker(places, down);
  const page = async (args: { first: number; after?: string | undefined }) => {
    const { walked, asked } = await walker(args);
    const { slice, skipped } = await walked;
    const reads = asked.map(({ place, first }) => `${place} ${first}`);
    return { names: namesOf(overAll(places), slice.edges), pageInfo: slice.pageInfo, skipped, reads, asked };
  };
  return { places, down, page, walker };
}

test('a page within one account and region asks for nothing else', async () => {
  const { page } = start(5, 5);
  const one = await page({ first: 2 });
  expect(one).toMatchObject({ reads: [`${ONE} 2`], pageInfo: { hasNextPage: true, hasPreviousPage: false } });
  const two = await page({ first: 2, after: one.pageInfo.endCursor ?? '' });
  expect(two).toMatchObject({
    names: [`${ONE} r2`, `${ONE} r3`],
    reads: [`${ONE} 2`],
    pageInfo: { hasNextPage: true, hasPreviousPage: true },
  });
});

test('a page across a border asks the next one for what is missing', async () => {
  const { page } = start(3, 5);
  expect(await page({ first: 5 })).toMatchObject({
    names: [`${ONE} r0`, `${ONE} r1`, `${ONE} r2`, `${TWO} r0`, `${TWO} r1`],
    reads: [`${ONE} 5`, `${TWO} 2`],
    pageInfo: { hasNextPage: true },
  });
});

test('empty ones are asked in groups of 1, 2 and more', async () => {
  const { page } = start(0, 0, 0, 0, 4);
  expect(await page({ first: 2 })).toMatchObject({
    names: [`${FIVE} r0`, `${FIVE} r1`],
    reads: [`${ONE} 2`, `${TWO} 2`, `${THREE} 2`, `${FOUR} 2`, `${FIVE} 2`],
    pageInfo: { hasNextPage: true },
  });
});

test('a page that ends with a list asks for what the next page needs, and that finds it known', async () => {
  const { page } = start(2, 0, 3);
  const one = await page({ first: 2 });
  expect(one).toMatchObject({
    names: [`${ONE} r0`, `${ONE} r1`],
    reads: [`${ONE} 2`, `${TWO} 2`, `${THREE} 2`],
    pageInfo: { hasNextPage: true },
  });
  const two = await page({ first: 2, after: one.pageInfo.endCursor ?? '' });
  expect(two.asked.filter(({ after }) => !after)).toEqual(one.asked.slice(1));
  expect(two.names).toEqual([`${THREE} r0`, `${THREE} r1`]);
});

test('the last page asks all that are left, because any may have more', async () => {
  const { page } = start(2, 0, 0);
  expect(await page({ first: 2 })).toMatchObject({
    reads: [`${ONE} 2`, `${TWO} 2`, `${THREE} 2`],
    pageInfo: { hasNextPage: false },
  });
});

test('one that fails is left out and named, and the walk goes on behind it', async () => {
  const { page, down } = start(3, 3, 3);
  down.add(TWO);
  const one = await page({ first: 5 });
  expect(one).toMatchObject({
    names: [`${ONE} r0`, `${ONE} r1`, `${ONE} r2`, `${THREE} r0`, `${THREE} r1`],
    skipped: [{ place: TWO, error: new Unavailable(TWO) }],
    pageInfo: { hasNextPage: true },
  });
});

test('a page after an item of one that fails begins with the next one', async () => {
  const { page, down } = start(3, 3, 3);
  const after = (await page({ first: 4 })).pageInfo.endCursor ?? ''; // of the second
  down.add(TWO);
  expect(await page({ first: 2, after })).toMatchObject({
    names: [`${THREE} r0`, `${THREE} r1`],
    skipped: [{ place: TWO }],
    pageInfo: { hasNextPage: true, hasPreviousPage: true },
  });
});

test('if all that were asked fail, the page is the error of the first', async () => {
  const { page, down } = start(3, 3);
  down.add(ONE).add(TWO);
  await expect(page({ first: 2 })).rejects.toThrow(new Unavailable(ONE));
});

test('an error that concerns the whole operation fails the page', async () => {
  const error = new Error('The operation timed out.');
  const walked = walkPlaces<Row>({
    places: [ONE, TWO],
    first: 2,
    together: 2,
    isSkipped: (error) => error instanceof Unavailable,
    read: (place) => {
      if (place === TWO) throw error;
      return sliceOfEdges([], { hasNextPage: false, hasPreviousPage: false });
    },
  });
  await expect(walked).rejects.toBe(error);
});

test('first: 0 asks nothing until somebody wants to know whether there are more', async () => {
  const { walker, page, down } = start(0, 2);
  const cursor = (await page({ first: 2 })).pageInfo.endCursor ?? '';
  for (const [after, hasNextPage] of [
    [undefined, true],
    [cursor, false],
  ] as const) {
    const { walked, asked } = await walker({ first: 0, after });
    const { slice, skipped } = await walked;
    expect(slice.edges).toEqual([]);
    expect(slice.pageInfo).toMatchObject({ startCursor: null, endCursor: null });
    if (!after) expect(slice.pageInfo.hasPreviousPage).toBe(false);
    expect(asked).toEqual([]);
    expect(await slice.pageInfo.hasNextPage).toBe(hasNextPage);
    expect(await slice.pageInfo.hasPreviousPage).toBe(after !== undefined);
    expect(asked.map(({ place, first }) => `${place} ${first}`)).toEqual(
      after ? [`${TWO} 1`] : [`${ONE} 1`, `${TWO} 1`],
    );
    expect(skipped).toEqual([]);
  }
  down.add(ONE);
  const { slice, skipped } = await (await walker({ first: 0 })).walked;
  expect(await slice.pageInfo.hasNextPage).toBe(true);
  expect(skipped).toMatchObject([{ place: ONE }]);
});

test('where no account and region is wanted, a page is empty', async () => {
  const { slice, skipped } = await walkPlaces<Row>({
    places: [],
    first: 2,
    together: 2,
    isSkipped: () => true,
    read: () => {
      throw new Error('nothing is to be read');
    },
  });
  expect(slice).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false } });
  expect(skipped).toEqual([]);
});

test('a walk outlives the removal of another account and region, and its cursor is refused with words after that of its own', async () => {
  const { page, places } = start(3, 3, 3);
  const cursor = (await page({ first: 4 })).pageInfo.endCursor ?? ''; // of the second
  const left = (...names: string[]) => places.filter(({ name }) => names.includes(name));
  const goOn = async (...names: string[]) => {
    const { walked } = await createWalker(left(...names), new Set())({ first: 10, after: cursor });
    return namesOf(overAll(left(...names)), (await walked).slice.edges);
  };
  const rest = [`${TWO} r1`, `${TWO} r2`];
  expect(await goOn(TWO, THREE)).toEqual([...rest, ...[`${THREE} r0`, `${THREE} r1`, `${THREE} r2`]]);
  expect(await goOn(ONE, TWO)).toEqual(rest);
  for (const name of ['after', 'before'])
    expect(() => parseWindow(overAll(left(ONE, THREE)), { [name]: cursor })).toThrow(
      `${name}: expected a cursor of an account and region that is served, got one of ${TWO}`,
    );
});
