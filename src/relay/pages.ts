import { UpstreamError } from '../errors/errors.ts';
import { type MaybePromise, mapMaybePromise } from '../maybe-promise.ts';
import { countThrough } from './cursor-in-list.ts';
import { MAX_IDS } from './cursors.ts';
import { type Cursor, type List, type Placed, placeIn } from './list.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './page-size.ts';
import { isLost, type Slice, sliceOfAll, toSlice } from './slices.ts';
import type { Window } from './window.ts';

/** An answer of one of AWS's list operations: at most `limit` items, and the position of the next page if there is one. */
export type Page<T> = {
  items: T[];
  position?: string | undefined;
  /** The items with their places, once computed. */
  placed?: Placed<T>[];
  /** The items by id, once one was looked up. */
  byId?: Map<string | undefined, T>;
};

/** Reads one page. Instead of it, the whole list may be returned, unless `onlyAws`. */
export type ReadPage<T> = (
  limit: number,
  position: string | undefined,
  onlyAws: boolean,
) => MaybePromise<Page<T> | Placed<T>[]>;

/** A page, its parameters, and its items with their places. */
export type PageInPlace<T> = {
  limit: number;
  position: string | undefined;
  page: Page<T>;
  items: Placed<T>[];
};

/**
 * A forward slice of AWS's own list, made of AWS's pages: `first` becomes the `limit` and `after` the `position`, so a walk
 * costs one call per page. Short pages are topped up. An item that exists during the whole walk is never skipped, nor given
 * twice: if the cursor's own item is not in the page, a larger page tells whether it was deleted, or new items have moved it
 * back. If `first` is 0, one item is read to tell whether there is a next page.
 */
export function sliceOfPages<T>(list: List<T>, window: Window, read: ReadPage<T>): MaybePromise<Slice<T>> {
  const { first = DEFAULT_PAGE_SIZE, after } = window;
  const wanted = Math.max(1, first);
  const found: Placed<T>[] = [];
  const start = after?.position ?? undefined;
  const checkIsNew = createLoopCheck(start);

  function goOn(
    position: string | undefined,
    skipTo: Cursor | undefined,
    limit = Math.min(MAX_PAGE_SIZE, (skipTo?.place ?? 0) + wanted - found.length),
  ): MaybePromise<Slice<T>> {
    const take = (page: Page<T> | Placed<T>[]): MaybePromise<Slice<T>> => {
      if (Array.isArray(page)) return sliceOfAll(list, page, window);
      const placed = placedItems(list, page, position);
      const mayBeBehind = limit < MAX_PAGE_SIZE && page.position !== undefined;
      if (skipTo && mayBeBehind && !has(list, placed, skipTo)) return goOn(position, skipTo, MAX_PAGE_SIZE);
      checkIsNew(page.position);
      found.push(...placed.slice(skipTo ? countThrough(list, placed, skipTo) : 0));
      if (found.length < wanted && page.position !== undefined) return goOn(page.position, undefined);
      const hasNextPage = page.position !== undefined || found.length > first;
      return toSlice(list, found.slice(0, first), { hasNextPage, hasPreviousPage: after !== undefined });
    };
    return mapMaybePromise(read(limit, position, false), (page) =>
      Array.isArray(page) && isLost(list, page, window)
        ? mapMaybePromise(read(limit, position, true), take)
        : take(page),
    );
  }

  return goOn(start, after && after.place > 0 ? after : undefined);
}

/** Whether the cursor's own item is one of these. */
const has = <T>({ idOf }: List<T>, items: Placed<T>[], { ids }: Cursor): boolean =>
  items.some(({ node }) => idOf(node) === ids[0]);

/** All of AWS's list, in the largest pages. Throws COLLECTION_TOO_LARGE after `maxPages` of them. */
export async function* allPages<T>(
  list: List<T>,
  read: (limit: number, position: string | undefined) => Promise<Page<T>>,
  maxPages: number,
): AsyncGenerator<PageInPlace<T>, void> {
  let position: string | undefined;
  let before: (string | undefined)[] = [];
  const checkIsNew = createLoopCheck(position);
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page = await read(MAX_PAGE_SIZE, position);
    checkIsNew(page.position);
    yield { limit: MAX_PAGE_SIZE, position, page, items: placedItems(list, page, position, before) };
    before = [...before, ...page.items.map(list.idOf)].slice(1 - MAX_IDS);
    if (page.position === undefined) return;
    position = page.position;
  }
  throw new UpstreamError(
    'COLLECTION_TOO_LARGE',
    `There are more than ${maxPages * MAX_PAGE_SIZE} items, too many to filter, order, count or read from the end.`,
  );
}

/**
 * The items with their places, computed once per page because a page may be read often; anew if `before` has the ids of the items before the
 * page, which are not always known.
 */
function placedItems<T>(
  list: List<T>,
  page: Page<T>,
  position: string | undefined,
  before: (string | undefined)[] = [],
): Placed<T>[] {
  if (!page.placed || before.length > 0) page.placed = place(list, page, position, before);
  return page.placed;
}

function place<T>(
  { idOf, where }: List<T>,
  page: Page<T>,
  position: string | undefined,
  before: (string | undefined)[],
): Placed<T>[] {
  const ids = [...before, ...page.items.map(idOf)];
  return page.items.map((node, index) => {
    const isBehindPage = index === page.items.length - 1 && page.position !== undefined;
    const end = before.length + index + 1;
    const place = {
      position: (isBehindPage ? page.position : position) ?? null,
      place: isBehindPage ? 0 : index + 1,
      key: null,
      ids: ids.slice(Math.max(0, end - MAX_IDS), end).reverse(),
    };
    return { node, place: placeIn(where, place) };
  });
}

/** Throws if AWS sends a `position` again, because such a walk would never end. */
export function createLoopCheck(start: string | undefined): (position: string | undefined) => void {
  const seen = new Set([start]);
  return (position) => {
    if (position !== undefined && seen.has(position))
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent the same page position twice.');
    seen.add(position);
  };
}
