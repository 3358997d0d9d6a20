import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Placed } from '../../src/relay/list.ts';
import { sliceOfAll } from '../../src/relay/slices.ts';
import { parseWindow } from '../../src/relay/window.ts';
import { runs } from '../support/runs.ts';
import type { Row } from './paging-model.ts';
import {
  createPlaces,
  createWalker,
  everythingOf,
  id,
  NAMES,
  namesOf,
  overAll,
  type Place,
  row,
  rowsOfEach,
} from './several-model.ts';

const first = fc.integer({ min: 1, max: 7 });
const together = fc.integer({ min: 1, max: 4 });
const failing = fc.subarray(NAMES, { maxLength: 3 });

const nameOf = ({ node, place }: Placed<Row>) => `${place.where} ${node.id}`;
const placeOf = (name = '') => name.slice(0, name.indexOf(' '));
const rankOf = (place: string) => NAMES.indexOf(place);

/** All rows that can be read, place by place. */
const readable = async (places: Place[], down: Set<string>) =>
  (await everythingOf(places)).map(nameOf).filter((name) => !down.has(placeOf(name)));

/** How many are asked before it is known how the page ends: the first alone, then the next 1, 2, 4 …. */
function askedCounts(count: number, together: number): number[] {
  const counts = [1];
  for (let size = 1, sum = 1; sum < count; size = Math.min(2 * size, together)) {
    sum = Math.min(count, sum + size);
    counts.push(sum);
  }
  return counts;
}

test('a page of a walk has the next items of what can be read, tells whether there are more, and names what failed', async () => {
  await fc.assert(
    fc.asyncProperty(
      rowsOfEach,
      first,
      together,
      fc.array(failing, { minLength: 1, maxLength: 12 }),
      async (initial, first, together, failures) => {
        const places = createPlaces(initial);
        const names = places.map(({ name }) => name);
        const list = overAll(places);
        const down = new Set<string>();
        const page = createWalker(places, down, together);
        let cursor: string | undefined;
        let last = '';
        for (let pages = 0, more = true; more; pages++) {
          if (pages === 100) expect.fail('the walk does not end');
          down.clear();
          for (const name of failures[pages] ?? []) down.add(name);
          const start = last === '' ? 0 : rankOf(placeOf(last));
          const all = await readable(places, down);
          const rest = all.slice(all.indexOf(last) + 1).filter((name) => rankOf(placeOf(name)) >= start);
          for (const { collection } of places) collection.limits.length = 0;

          const { walked, asked } = await page({ first, after: cursor });
          const outcome = await walked.catch((error: Error) => error);
          const askedPlaces = asked.map(({ place }) => place);
          const failed = askedPlaces.filter((name) => down.has(name));

          // It asks no more than it needs, each once, with one read of AWS.
          const counts = askedCounts(names.length - start, together);
          const suffices = (count: number) =>
            rest.filter((name) => rankOf(placeOf(name)) < start + count).length > first;
          const needed = counts.find(suffices) ?? names.length - start;
          expect(askedPlaces).toEqual(names.slice(start, start + needed));
          expect(places.map(({ collection }) => collection.limits.length)).toEqual(
            names.map((name) => (askedPlaces.includes(name) && !down.has(name) ? 1 : 0)),
          );

          if (failed.length === asked.length) {
            expect(outcome).toMatchObject({ message: failed[0] });
            more = pages < failures.length; // the client tries again
            continue;
          }
          if (outcome instanceof Error) throw outcome;
          const { slice, skipped } = outcome;
          expect(skipped.map(({ place }) => place)).toEqual(failed);
          expect(namesOf(list, slice.edges)).toEqual(rest.slice(0, first));
          expect(slice.pageInfo).toEqual({
            hasNextPage: rest.length > first,
            hasPreviousPage: cursor !== undefined,
            startCursor: slice.edges[0]?.cursor ?? null,
            endCursor: slice.edges.at(-1)?.cursor ?? null,
          });
          more = rest.length > first;
          last = namesOf(list, slice.edges).at(-1) ?? last;
          cursor = slice.pageInfo.endCursor ?? cursor;
        }
      },
    ),
    { numRuns: runs(3000) },
  );
});

/** What happens between two pages: what comes, what goes, which cannot be read, and how short AWS's pages are. */
const change = fc.record({
  created: fc.array(fc.tuple(fc.nat(NAMES.length - 1), row), { maxLength: 3 }),
  deleted: fc.array(fc.tuple(fc.nat(NAMES.length - 1), id), { maxLength: 6 }),
  deletesCursor: fc.boolean(),
  failing,
  mostAPage: fc.constantFrom<number>(1, 2, 3, 500),
});
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

const QUIET: Change = { created: [], deleted: [], deletesCursor: false, failing: [], mostAPage: 500 };

/** Walks while the collections change, with at most `mayDelete` deletions between two pages. Gives what was seen, and what stayed and never failed. */
async function walk(
  initial: Row[][],
  sizes: number[],
  changes: Change[],
  mayDelete = Number.POSITIVE_INFINITY,
) {
  const places = createPlaces(initial);
  const list = overAll(places);
  const down = new Set<string>();
  const page = createWalker(places, down);
  const everFailed = new Set<string>();
  const stayed = new Set(
    places.flatMap(({ name, collection }) => collection.all().map(({ id }) => `${name} ${id}`)),
  );
  const existed = new Set(stayed);
  const seen: string[] = [];
  let after: string | undefined;
  let deleted = 0;
  for (let pages = 0, more = true; more; pages++) {
    if (pages === 300) expect.fail('the walk does not end');
    const { walked, asked } = await page({ first: sizes[pages % sizes.length] ?? 1, after });
    const outcome = await walked.catch((error: Error) => error);
    const failed = asked.map(({ place }) => place).filter((name) => down.has(name));
    for (const name of failed) everFailed.add(name);
    if (outcome instanceof Error) {
      expect(outcome.message).toBe(failed[0]);
      expect(failed).toHaveLength(asked.length);
    } else {
      const { edges, pageInfo } = outcome.slice;
      expect(outcome.skipped.map(({ place }) => place)).toEqual(failed);
      const found = namesOf(list, edges);
      seen.push(...found);
      // An item behind the last one is a next page; so is any of an account and region behind, which can be read.
      const all = await readable(places, down);
      const last = found.at(-1);
      expect(pageInfo.hasNextPage).toBe(last !== undefined && all.indexOf(last) < all.length - 1);
      expect(pageInfo.hasPreviousPage).toBe(after !== undefined);
      after = pageInfo.endCursor ?? after;
      more = await pageInfo.hasNextPage;
      deleted = 0;
    }
    const { created, deletesCursor, failing, mostAPage, ...next } = changes[pages] ?? QUIET;
    const deletions = next.deleted.map(([place, id]) => [NAMES[place] ?? '', id]);
    if (deletesCursor && seen.length > 0) deletions.unshift((seen.at(-1) ?? '').split(' '));
    for (const [name, id = ''] of deletions) {
      const place = places.find((place) => place.name === name);
      if (deleted >= mayDelete || !place?.collection.delete(id)) continue;
      deleted += 1;
      stayed.delete(`${name} ${id}`);
    }
    for (const [index, row] of created) {
      const place = places[index];
      const name = `${place?.name} ${row.id}`;
      if (!place || existed.has(name)) continue;
      existed.add(name);
      place.collection.put(row);
    }
    for (const { collection } of places) collection.sizeOf = () => mostAPage;
    down.clear();
    for (const name of failing) down.add(name);
  }
  return { seen, stayed: [...stayed].filter((name) => !everFailed.has(placeOf(name))) };
}

const sizes = fc.array(first, { minLength: 1, maxLength: 4 });
const changes = fc.array(change, { maxLength: 10 });

test('a walk misses no item that stays where all reads succeed, whatever changes or fails elsewhere', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOfEach, sizes, changes, async (initial, sizes, changes) => {
      const { seen, stayed } = await walk(initial, sizes, changes);
      expect(stayed.filter((name) => !seen.includes(name))).toEqual([]);
      const ranks = seen.map((name) => rankOf(placeOf(name)));
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    }),
    { numRuns: runs(3000) },
  );
});

test('a walk gives no item twice, as long as one of the last four items of each page stays', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOfEach, sizes, changes, async (initial, sizes, changes) => {
      const whole = changes.map((change) => ({ ...change, mostAPage: 500 }));
      const { seen } = await walk(initial, sizes, whole, 3);
      expect(seen.filter((name, i) => seen.indexOf(name) !== i)).toEqual([]);
    }),
    { numRuns: runs(3000) },
  );
});

test('the cursors of a walk are valid in the list of everything, both ways', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOfEach, first, fc.nat(7), fc.nat(12), async (initial, first, from, size) => {
      const places = createPlaces(initial);
      const list = overAll(places);
      const page = createWalker(places, new Set());
      const all = await everythingOf(places);
      const names = all.map(nameOf);
      let after: string | undefined;
      for (let pages = 0, more = true; more; pages++) {
        if (pages === 100) expect.fail('the walk does not end');
        const { slice } = await (await page({ first, after })).walked;
        const edge = slice.edges[from % first];
        if (edge) {
          const at = names.indexOf(namesOf(list, [edge])[0] ?? '');
          const of = (args: object) => namesOf(list, sliceOfAll(list, all, parseWindow(list, args)).edges);
          expect(of({ last: size, before: edge.cursor })).toEqual(names.slice(Math.max(0, at - size), at));
          expect(of({ first: size, after: edge.cursor })).toEqual(names.slice(at + 1, at + 1 + size));
          expect(of({ last: size, after: edge.cursor })).toEqual(
            names.slice(Math.max(at + 1, names.length - size)),
          );
        }
        after = slice.pageInfo.endCursor ?? undefined;
        more = await slice.pageInfo.hasNextPage;
      }
    }),
    { numRuns: runs(1000) },
  );
});
