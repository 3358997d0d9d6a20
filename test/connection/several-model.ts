import fc from 'fast-check';
import { expect } from 'vitest';
import { decodeCursor } from '../../src/relay/cursors.ts';
import type { Edge, List, Placed } from '../../src/relay/list.ts';
import { allPages, sliceOfPages } from '../../src/relay/pages.ts';
import { walkPlaces } from '../../src/relay/walk.ts';
import { parseWindow } from '../../src/relay/window.ts';
import { type Collection, createCollection, type Row, rows } from './paging-model.ts';

/** The names of accounts and regions, in an order that is not that of the alphabet. */
export const NAMES = [
  'prod/us-east-1',
  'prod/eu-central-1',
  'dev/us-east-1',
  '/eu-west-1',
  'audit/us-east-1',
];

/** Few ids, so that many accounts and regions have the same ones. */
export const id = fc.string({ unit: fc.constantFrom(...'abcdef'), minLength: 1, maxLength: 2 });

export const row = fc.record({ id, rank: fc.nat(50), key: fc.option(fc.constantFrom('a', 'b', 'c')) });

/** The rows of one account and region. */
export const rowsOfOne = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 12 });

export const rowsOfEach = fc.array(rowsOfOne, { minLength: 1, maxLength: NAMES.length });

/** An account and region with its collection. */
export type Place = { name: string; collection: Collection };

export const createPlaces = (initial: Row[][]): Place[] =>
  NAMES.slice(0, initial.length).map((name, i) => ({
    name,
    collection: createCollection(initial[i] ?? []),
  }));

/** A list over all of them. */
export const overAll = (places: Place[], list: List<Row> = rows): List<Row> => ({
  ...list,
  places: places.map(({ name }) => name),
});

/** All rows, place by place. */
export const everythingOf = async (places: Place[]): Promise<Placed<Row>[]> =>
  (await Promise.all(places.map(everythingOfOne))).flat();

export const everythingOfOne = async ({ name: where, collection }: Place): Promise<Placed<Row>[]> =>
  (await Array.fromAsync(allPages({ ...rows, where }, collection.read, 100))).flatMap(({ items }) => items);

/** That an account and region cannot be read at present. */
export class Unavailable extends Error {}

/** Pages of a walk over all of them, of which those in `failing` cannot be read. Each page tells which were asked for what. */
export function createWalker(places: Place[], failing: Set<string>, together = 4) {
  const list = overAll(places);
  return async (args: { first: number; after?: string | undefined }) => {
    const asked: { place: string; first: number; after: boolean }[] = [];
    let reading = 0;
    const { after, first = 0 } = parseWindow(list, args);
    const walked = walkPlaces<Row>({
      places: list.places ?? [],
      after,
      first,
      together,
      isSkipped: (error) => error instanceof Unavailable,
      read: async (place, window) => {
        asked.push({ place, first: window.first, after: window.after !== undefined });
        reading += 1;
        if (reading > together) expect.fail(`${reading} are read at once`);
        await undefined;
        reading -= 1;
        if (failing.has(place)) throw new Unavailable(place);
        const collection = places.find(({ name }) => name === place)?.collection;
        if (!collection) throw new Error(`no place ${place}`);
        return sliceOfPages({ ...rows, where: place }, window, collection.read);
      },
    });
    return { walked, asked };
  };
}

/** The account and region, and the id, of each edge. */
export const namesOf = (list: List<Row>, edges: Edge<Row>[]): string[] =>
  edges.map(({ cursor, node }) => `${decodeCursor(list, cursor)?.where} ${node.id}`);
