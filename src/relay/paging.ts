import { type InputIssue, InvalidInputError, UpstreamError } from '../errors.ts';
import { type MaybePromise, whenThere } from '../maybe-promise.ts';
import { got } from '../resources/input-rules.ts';

/** The service model's default and maximum of `limit`. */
const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 500;

/** One answer of AWS's list operations: at most `limit` items, and where the next page begins, if there is one. */
export type Page<T> = {
  items: T[];
  position?: string | undefined;
  /** The items with their places, once they are known. */
  placed?: Placed<T>[];
  /** The items by their ids, once one was looked for. */
  byId?: Map<string, T>;
};

/** Reads one page; where all of the list was read in its place, answers with that, unless only AWS will do. */
export type ReadPage<T> = (
  limit: number,
  position: string | undefined,
  onlyAws: boolean,
) => MaybePromise<Page<T> | Placed<T>[]>;

/** A page, how it was asked for, and its items with their places. */
export type PageInPlace<T> = {
  limit: number;
  position: string | undefined;
  page: Page<T>;
  items: Placed<T>[];
};

export type Edge<T> = { cursor: string; node: T };

/** https://relay.dev/graphql/connections.htm#sec-undefined.PageInfo */
export type PageInfo<Told = MaybePromise<boolean>> = {
  hasNextPage: Told;
  hasPreviousPage: Told;
  startCursor: string | null;
  endCursor: string | null;
};

/** The edges that were asked for, and where they stand in the whole. */
export type Slice<T, Told = boolean> = { edges: Edge<T>[]; pageInfo: PageInfo<Told> };

type Maybe<T> = T | null | undefined;

export type PageArguments = {
  first?: Maybe<number>;
  after?: Maybe<string>;
  last?: Maybe<number>;
  before?: Maybe<string>;
};

/** What an item is sorted by; null comes last in both directions. */
export type SortKey = string | number | null;

/**
 * What is listed: items of `type`, told apart by `idOf`. Cursors of one list are refused by another: `digest` is empty
 * for AWS's own list, and stands for the filter and the order of any other. Without `order`, AWS's is kept; orders of one name are the same.
 */
export type List<T> = {
  type: string;
  idOf(item: T): string;
  digest: string;
  order?: { name: string; keyOf(item: T): SortKey; descending: boolean };
};

/** The page arguments, checked. */
export type Window = { first?: number; last?: number; after?: Cursor; before?: Cursor };

/**
 * A place in a list: behind the item `ids[0]`. In AWS's order, that item is the `place`-th of the page that begins at
 * `position` (the first page without one), or `position` begins right behind it and `place` is 0; and the other `ids`
 * are those that stood before it, nearest first, to find the place by should the item itself be gone. In any other
 * order, `key` is what the item was sorted by.
 */
type Cursor = { digest: string; position: string | null; place: number; key: SortKey; ids: string[] };

/** An item, what its cursor is made of, and its edge in AWS's own list, made once, since many answers have it. */
export type Placed<T> = { node: T; place: Omit<Cursor, 'digest'>; edge?: Edge<T> };

/** How many adjacent items have to be deleted for a place between them to be lost. */
const MAX_IDS = 4;

/** Checks the arguments and decodes the cursors; `issues` are complaints about the other arguments of the field. */
export function parseWindow<T>(list: List<T>, args: PageArguments, issues: InputIssue[] = []): Window {
  const complaints = [...issues, ...sizeIssues('first', args.first), ...sizeIssues('last', args.last)];
  if (args.first != null && args.last != null)
    complaints.push({ path: ['last'], message: 'expected either first or last, got both' });
  const cursorOf = (name: 'after' | 'before') => {
    const text = args[name];
    if (text == null) return undefined;
    const cursor = decodeCursor(list, text);
    if (!cursor) complaints.push(cursorIssue(name, text));
    return cursor;
  };
  const after = cursorOf('after');
  const before = cursorOf('before');
  if (complaints.length > 0) throw new InvalidInputError(complaints);
  const isBackward = args.last != null || (args.first == null && before !== undefined);
  return {
    ...(isBackward ? { last: args.last ?? DEFAULT_PAGE_SIZE } : { first: args.first ?? DEFAULT_PAGE_SIZE }),
    ...(after && { after }),
    ...(before && { before }),
  };
}

/** What to tell someone whose cursor leads nowhere. */
export const cursorIssue = (name: 'after' | 'before', text: string): InputIssue => ({
  path: [name],
  message: `expected a cursor of this connection, under the same filter and order, got ${got(text)}`,
});

/** Where neither its ids nor AWS can tell the place of a cursor. */
export const lostCursor = () =>
  new InvalidInputError([
    {
      path: ['after'],
      message:
        'expected a cursor of this connection, under the same filter and order, got one that leads nowhere',
    },
  ]);

/**
 * A forward slice of AWS's own list out of AWS's pages: `first` is the `limit`, `after` the `position`, so that a walk
 * costs one call a page. Short pages are topped up. An item that is there during the whole walk is never skipped. Where
 * `first` is 0, one item is read, to tell whether there is a next page.
 */
export function sliceOfPages<T>(list: List<T>, window: Window, read: ReadPage<T>): MaybePromise<Slice<T>> {
  const { first = DEFAULT_PAGE_SIZE, after } = window;
  const wanted = Math.max(1, first);
  const found: Placed<T>[] = [];
  const start = after?.position ?? undefined;
  const checkIsNew = createLoopCheck(start);

  function goOn(position: string | undefined, skipTo: Cursor | undefined): MaybePromise<Slice<T>> {
    const limit = Math.min(MAX_PAGE_SIZE, (skipTo?.place ?? 0) + wanted - found.length);
    const take = (page: Page<T> | Placed<T>[]): MaybePromise<Slice<T>> => {
      if (Array.isArray(page)) return sliceOfAll(list, page, window);
      checkIsNew(page.position);
      const placed = placedItems(list, page, position);
      found.push(...placed.slice(skipTo ? countThrough(list, placed, skipTo, 0) : 0));
      if (found.length < wanted && page.position !== undefined) return goOn(page.position, undefined);
      const hasNextPage = page.position !== undefined || found.length > first;
      return toSlice(list, found.slice(0, first), { hasNextPage, hasPreviousPage: after !== undefined });
    };
    return whenThere(read(limit, position, false), (page) =>
      Array.isArray(page) && isLost(list, page, window)
        ? whenThere(read(limit, position, true), take)
        : take(page),
    );
  }

  return goOn(start, after && after.place > 0 ? after : undefined);
}

/** Whether the place of `after` is known to AWS alone, since all the items by which it is found are gone. */
export const isLost = <T>(list: List<T>, all: Placed<T>[], { after }: Window): boolean =>
  after !== undefined && after.position !== null && countThrough(list, all, after, -1) === -1;

/** Whether `after` is of an item of which only the id was known, so that all have to be read to find its place. */
export const isAfterLoose = ({ after }: Window): boolean => after !== undefined && isLoose(after);

/** Any slice of any list, out of all of its items in their order. */
export function sliceOfAll<T>(
  list: List<T>,
  all: Placed<T>[],
  { first, last, after, before }: Window,
): Slice<T> {
  requireFound(list, all, after, 'after');
  requireFound(list, all, before, 'before');
  const from = after ? countThrough(list, all, after, 0) : 0;
  const to = Math.max(from, before ? countBefore(list, all, before) : all.length);
  const start = last === undefined ? from : Math.max(from, to - last);
  const end = first === undefined ? to : Math.min(to, from + first);
  return toSlice(list, all.slice(start, end), {
    hasNextPage: first === undefined ? before !== undefined && to < all.length : end < to,
    hasPreviousPage: last === undefined ? after !== undefined && from > 0 : start > from,
  });
}

/** What `first: 0` and `last: 0` ask for: nothing is read unless it is asked whether there is more, where there can be. */
export const emptySlice = <T>(
  { first, after, before }: Window,
  slice: () => MaybePromise<Slice<T>>,
): Slice<T, MaybePromise<boolean>> => ({
  edges: [],
  pageInfo: {
    startCursor: null,
    endCursor: null,
    get hasNextPage() {
      return first === undefined && !before
        ? false
        : whenThere(slice(), ({ pageInfo }) => pageInfo.hasNextPage);
    },
    get hasPreviousPage() {
      return first === 0 && !after ? false : whenThere(slice(), ({ pageInfo }) => pageInfo.hasPreviousPage);
    },
  },
});

/** The whole of AWS's list, in pages as large as AWS gives; `maxPages` of them, then an error. */
export async function* allPages<T>(
  list: List<T>,
  read: (limit: number, position: string | undefined) => Promise<Page<T>>,
  maxPages: number,
): AsyncGenerator<PageInPlace<T>, void> {
  let position: string | undefined;
  const checkIsNew = createLoopCheck(position);
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page = await read(MAX_PAGE_SIZE, position);
    checkIsNew(page.position);
    yield { limit: MAX_PAGE_SIZE, position, page, items: placedItems(list, page, position) };
    if (page.position === undefined) return;
    position = page.position;
  }
  throw new UpstreamError(
    'COLLECTION_TOO_LARGE',
    `There are more than ${maxPages * MAX_PAGE_SIZE} items, too many to filter, order, count or read from the end.`,
  );
}

/** The items in the list's order; those with equal keys by id. */
export function sorted<T>({ idOf, order }: List<T>, items: Placed<T>[]): Placed<T>[] {
  if (!order) return items;
  return items
    .map(({ node }) => ({
      node,
      place: { position: null, place: 0, key: order.keyOf(node), ids: [idOf(node)] },
    }))
    .sort((a, b) => compare(a.place, b.place, order.descending));
}

/**
 * An edge for an item of which only the id is known, such as one that was just created. Its cursor is good for as long as
 * the item is there.
 */
export const looseEdge = <T>(list: List<T>, node: T): Edge<T> =>
  edgeOf(list, { node, place: { position: null, place: MAX_PAGE_SIZE, key: null, ids: [list.idOf(node)] } });

/** Any other cursor of a place so far behind has the ids of its neighbours, too. */
const isLoose = ({ position, place, ids }: Cursor) =>
  position === null && place === MAX_PAGE_SIZE && ids.length === 1;

/** Nothing but the item itself tells where a loose cursor stands: once it is gone, no place is right. */
function requireFound<T>(
  list: List<T>,
  all: Placed<T>[],
  cursor: Cursor | undefined,
  name: 'after' | 'before',
): void {
  if (!cursor || !isLoose(cursor) || countThrough(list, all, cursor, -1) !== -1) return;
  const text = got(encodeCursor(list.type, cursor));
  const message = `expected the cursor of a ${list.type} that is in the list, got ${text}`;
  throw new InvalidInputError([{ path: [name], message }]);
}

/** The items with their places; made once for each page, of which the same may be read often. */
function placedItems<T>({ idOf }: List<T>, page: Page<T>, position: string | undefined): Placed<T>[] {
  page.placed ??= page.items.map((node, index, all) => {
    const near = all.slice(Math.max(0, index + 1 - MAX_IDS), index + 1).map(idOf);
    const isLast = index === all.length - 1;
    const isBehindPage = isLast && page.position !== undefined;
    const place = isBehindPage
      ? { position: page.position ?? null, place: 0 }
      : { position: position ?? null, place: index + 1 };
    return { node, place: { ...place, key: null, ids: near.reverse() } };
  });
  return page.placed;
}

function toSlice<T>(
  list: List<T>,
  items: Placed<T>[],
  has: { hasNextPage: boolean; hasPreviousPage: boolean },
): Slice<T> {
  const edges = items.map((item) => edgeOf(list, item));
  return {
    edges,
    pageInfo: { ...has, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null },
  };
}

/** How many items stand up to the cursor's and with it; `lost` where that cannot be told any more. */
function countThrough<T>({ idOf, order }: List<T>, items: Placed<T>[], cursor: Cursor, lost: number): number {
  if (order) {
    const next = items.findIndex(({ place }) => compare(place, cursor, order.descending) > 0);
    return next === -1 ? items.length : next;
  }
  const atPlace = items[cursor.place - 1];
  if (atPlace && idOf(atPlace.node) === cursor.ids[0]) return cursor.place;
  for (const id of cursor.ids) {
    const index = id === '' ? -1 : items.findIndex(({ node }) => idOf(node) === id);
    if (index !== -1) return index + 1;
  }
  return lost;
}

function countBefore<T>(list: List<T>, items: Placed<T>[], cursor: Cursor): number {
  const isThrough = (item: Placed<T> | undefined) => item && list.idOf(item.node) === cursor.ids[0];
  const through = countThrough(list, items, cursor, items.length);
  return isThrough(items[through - 1]) ? through - 1 : through;
}

function compare(
  a: Pick<Cursor, 'key' | 'ids'>,
  b: Pick<Cursor, 'key' | 'ids'>,
  descending: boolean,
): number {
  if (a.key === b.key) return compareValues(a.ids[0] ?? '', b.ids[0] ?? '');
  if (a.key === null) return 1;
  if (b.key === null) return -1;
  return descending ? compareValues(b.key, a.key) : compareValues(a.key, b.key);
}

const compareValues = <V extends string | number>(a: V, b: V) => (a < b ? -1 : a > b ? 1 : 0);

/** A walk in which AWS sends a `position` again would never end. */
function createLoopCheck(start: string | undefined): (position: string | undefined) => void {
  const seen = new Set([start]);
  return (position) => {
    if (position !== undefined && seen.has(position))
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent the same page position twice.');
    seen.add(position);
  };
}

function sizeIssues(name: string, size: Maybe<number>): InputIssue[] {
  if (size == null || (size >= 0 && size <= MAX_PAGE_SIZE)) return [];
  return [{ path: [name], message: `expected 0 to ${MAX_PAGE_SIZE}, got ${size}` }];
}

function edgeOf<T>({ type, digest }: List<T>, placed: Placed<T>): Edge<T> {
  const make = () => ({ cursor: encodeCursor(type, { digest, ...placed.place }), node: placed.node });
  if (digest !== '') return make();
  placed.edge ??= make();
  return placed.edge;
}

const encodeCursor = (type: string, { digest, position, place, key, ids }: Cursor): string =>
  Buffer.from(JSON.stringify([type, digest, position, place, key, ids])).toString('base64url');

function decodeCursor<T>({ type, digest }: List<T>, text: string): Cursor | undefined {
  const parsed = parseJson(Buffer.from(text, 'base64url').toString());
  if (!Array.isArray(parsed) || parsed.length !== 6) return undefined;
  const [ofType, ofDigest, position, place, key, ids] = parsed;
  if (ofType !== type || ofDigest !== digest) return undefined;
  const isWhole =
    (position === null || (typeof position === 'string' && position !== '' && position.isWellFormed())) &&
    Number.isInteger(place) &&
    place >= 0 &&
    place <= MAX_PAGE_SIZE &&
    (key === null || typeof key === 'string' || typeof key === 'number') &&
    Array.isArray(ids) &&
    ids.length >= 1 &&
    ids.length <= MAX_IDS &&
    ids.every((id) => typeof id === 'string');
  const cursor = { digest, position, place, key, ids };
  return isWhole && encodeCursor(type, cursor) === text ? cursor : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
