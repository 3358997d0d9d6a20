import { InvalidInputError } from '../errors/errors.ts';
import { quote } from '../errors/input-issues.ts';
import { type MaybePromise, mapMaybePromise } from '../maybe-promise.ts';
import { countBefore, countThrough, isFound } from './cursor-in-list.ts';
import { encodeCursor, isLoose } from './cursors.ts';
import { type Cursor, type Edge, type List, type Placed, placeIn } from './list.ts';
import { MAX_PAGE_SIZE } from './page-size.ts';
import type { Window } from './window.ts';

/** https://relay.dev/graphql/connections.htm#sec-undefined.PageInfo */
export type PageInfo<Told = MaybePromise<boolean>> = {
  hasNextPage: Told;
  hasPreviousPage: Told;
  startCursor: string | null;
  endCursor: string | null;
};

/** The requested edges, and whether there are more on either side. */
export type Slice<T, Told = boolean> = { edges: Edge<T>[]; pageInfo: PageInfo<Told> };

/**
 * Any slice of any list, given all of its items in order. Those of a filtered list are some of `unfiltered`, in the same order: there, a
 * cursor keeps its place when its item does not match any more.
 */
export function sliceOfAll<T>(
  list: List<T>,
  items: Placed<T>[],
  { first, last, after, before }: Window,
  unfiltered = items,
): Slice<T> {
  requireFound(list, unfiltered, after, 'after');
  requireFound(list, unfiltered, before, 'before');
  const from = after ? countAmong(items, unfiltered, countThrough(list, unfiltered, after)) : 0;
  const upTo = before ? countAmong(items, unfiltered, countBefore(list, unfiltered, before)) : items.length;
  const to = Math.max(from, upTo);
  const start = last === undefined ? from : Math.max(from, to - last);
  const end = first === undefined ? to : Math.min(to, from + first);
  return toSlice(list, items.slice(start, end), {
    hasNextPage: first === undefined ? before !== undefined && to < items.length : end < to,
    hasPreviousPage: last === undefined ? after !== undefined && from > 0 : start > from,
  });
}

/** The slice for `first: 0` and `last: 0`. Items are read only to tell whether there are more, if the arguments do not tell. */
export const emptySlice = <T>(
  { first, after, before }: Window,
  slice: () => MaybePromise<Slice<T, MaybePromise<boolean>>>,
): Slice<T, MaybePromise<boolean>> => ({
  edges: [],
  pageInfo: {
    startCursor: null,
    endCursor: null,
    get hasNextPage() {
      return first === undefined && !before
        ? false
        : mapMaybePromise(slice(), ({ pageInfo }) => pageInfo.hasNextPage);
    },
    get hasPreviousPage() {
      return first === 0 && !after
        ? false
        : mapMaybePromise(slice(), ({ pageInfo }) => pageInfo.hasPreviousPage);
    },
  },
});

/** Whether only AWS can tell the place of `after`, because all items that it names are gone. */
export const isLost = <T>(list: List<T>, all: Placed<T>[], { after }: Window): boolean =>
  after !== undefined && after.position !== null && !isFound(list, all, after);

/**
 * An edge for an item whose place is unknown, such as a new one. Its cursor is valid for as long as the item exists.
 */
export function edgeForNew<T>(list: List<T>, node: T): Edge<T> {
  const place = { position: null, place: MAX_PAGE_SIZE, key: null, ids: [list.idOf(node)] };
  return edgeOf(list, { node, place: placeIn(list.where, place) });
}

export const toSlice = <T>(
  list: List<T>,
  items: Placed<T>[],
  has: { hasNextPage: boolean; hasPreviousPage: boolean },
): Slice<T> =>
  sliceOfEdges(
    items.map((item) => edgeOf(list, item)),
    has,
  );

export const sliceOfEdges = <T>(
  edges: Edge<T>[],
  has: { hasNextPage: boolean; hasPreviousPage: boolean },
): Slice<T> => ({
  edges,
  pageInfo: { ...has, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null },
});

/** Refuses a loose cursor whose item is gone, because nothing else tells its place. */
function requireFound<T>(
  list: List<T>,
  all: Placed<T>[],
  cursor: Cursor | undefined,
  name: 'after' | 'before',
): void {
  if (!cursor || !isLoose(cursor) || isFound(list, all, cursor)) return;
  const text = quote(encodeCursor(list.type, cursor));
  const message = `expected the cursor of a ${list.type} that is in the list, got ${text}`;
  throw new InvalidInputError([{ path: [name], message }]);
}

/** How many of the items are among the first `count` unfiltered ones. */
function countAmong<T>(items: Placed<T>[], unfiltered: Placed<T>[], count: number): number {
  if (items === unfiltered) return count;
  let found = 0;
  for (let i = 0; i < count && found < items.length; i += 1) if (unfiltered[i] === items[found]) found += 1;
  return found;
}

/** Those of a list that is neither filtered nor ordered are the same again and again. */
function edgeOf<T>(list: List<T>, placed: Placed<T>): Edge<T> {
  if (list.digest !== '') return newEdge(list, placed);
  placed.edge ??= newEdge(list, placed);
  return placed.edge;
}

const newEdge = <T>({ type, digest }: List<T>, { place, node }: Placed<T>): Edge<T> => ({
  cursor: encodeCursor(type, { digest, ...place }),
  node,
});
