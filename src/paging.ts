import { type InputIssue, InvalidInputError, UpstreamError } from './errors.ts';
import { got } from './input-rules.ts';

/** The service model's default and maximum of `limit`. */
const DEFAULT_PAGE_SIZE = 25;
export const MAX_PAGE_SIZE = 500;

/** One answer of AWS's list operations: at most `limit` items, and where the next page begins, if there is one. */
export type Page<T> = { items: T[]; position?: string | undefined };

export type ReadPage<T> = (limit: number, position: string | undefined) => Promise<Page<T>>;

export type Edge<T> = { cursor: string; node: T };

/** https://relay.dev/graphql/connections.htm */
export type Connection<T> = {
  edges: Edge<T>[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
};

export type PageArguments = { first?: number | null | undefined; after?: string | null | undefined };

/**
 * Where to go on: after the item `id`, which is at most the `place`-th of the page that begins at `position` (AWS's
 * first page without one). Place 0 is the beginning of the page itself.
 */
type Place = { position?: string | undefined; place: number; id: string };

const START: Place = { place: 0, id: '' };

/**
 * A connection out of AWS's pages: `first` is the `limit`, `after` the `position`, so that a walk costs one call a
 * page. Short pages are topped up. An item that is there during the whole walk is never skipped: where the one that
 * a cursor stands on is gone from the middle of its page, that page is given again.
 */
export async function connectionFromPages<T>(
  type: string,
  { first, after }: PageArguments,
  idOf: (item: T) => string,
  read: ReadPage<T>,
): Promise<Connection<T>> {
  const { size, start } = parsePageArguments(type, { first, after });
  const edges: Edge<T>[] = [];
  let { position, place, id } = start;
  const mustBeNew = createLoopCheck();
  for (;;) {
    const limit = Math.min(MAX_PAGE_SIZE, place + size - edges.length);
    const page = await read(limit, position);
    edges.push(...edgesOf(type, page, position, idOf).slice(countUntil(page.items.map(idOf), place, id)));
    if (edges.length >= size || page.position === undefined) {
      const shown = edges.slice(0, size);
      return {
        edges: shown,
        pageInfo: {
          hasNextPage: page.position !== undefined || shown.length < edges.length,
          hasPreviousPage: after != null,
          startCursor: shown[0]?.cursor ?? null,
          endCursor: shown.at(-1)?.cursor ?? null,
        },
      };
    }
    position = mustBeNew(page.position);
    place = 0;
  }
}

/** The whole collection, page by page, in the largest pages that AWS gives. */
export async function* allPages<T>(read: ReadPage<T>): AsyncGenerator<T[], void> {
  const mustBeNew = createLoopCheck();
  let position: string | undefined;
  do {
    const page: Page<T> = await read(MAX_PAGE_SIZE, position);
    yield page.items;
    position = page.position === undefined ? undefined : mustBeNew(page.position);
  } while (position !== undefined);
}

/** A walk in which AWS sends a `position` again would never end. */
function createLoopCheck(): (position: string) => string {
  const seen = new Set<string>();
  return (position) => {
    if (seen.has(position))
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent the same page position twice.');
    seen.add(position);
    return position;
  };
}

/** An edge for an item of which only the id is known, such as one that was just created. */
export const looseEdge = <T>(type: string, node: T, id: string): Edge<T> => ({
  cursor: encodeCursor(type, { place: MAX_PAGE_SIZE, id }),
  node,
});

/** How many items of a page stand up to `id` and with it: `place`, unless the page has changed; 0 if it is gone. */
function countUntil(ids: string[], place: number, id: string): number {
  if (place === 0 || ids[place - 1] === id) return place;
  return ids.indexOf(id) + 1;
}

function edgesOf<T>(
  type: string,
  page: Page<T>,
  position: string | undefined,
  idOf: (item: T) => string,
): Edge<T>[] {
  return page.items.map((node, index) => {
    const isLast = index === page.items.length - 1;
    const place =
      isLast && page.position !== undefined
        ? { position: page.position, place: 0, id: idOf(node) }
        : { position, place: index + 1, id: idOf(node) };
    return { cursor: encodeCursor(type, place), node };
  });
}

function parsePageArguments(type: string, { first, after }: PageArguments): { size: number; start: Place } {
  const issues: InputIssue[] = [];
  const size = first ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE)
    issues.push({ path: ['first'], message: `expected 1 to ${MAX_PAGE_SIZE}, got ${size}` });
  const start = after == null ? START : decodeCursor(type, after);
  if (!start) issues.push(cursorIssue(after ?? ''));
  if (issues.length > 0 || !start) throw new InvalidInputError(issues);
  return { size, start };
}

/** What to tell someone whose cursor leads nowhere. */
export const cursorIssue = (after: string): InputIssue => ({
  path: ['after'],
  message: `expected a cursor of this connection, got ${got(after)}`,
});

const encodeCursor = (type: string, { position, place, id }: Place): string =>
  Buffer.from(JSON.stringify([type, position ?? null, place, id])).toString('base64url');

function decodeCursor(type: string, cursor: string): Place | undefined {
  const parsed = parseJson(Buffer.from(cursor, 'base64url').toString());
  if (!Array.isArray(parsed) || parsed.length !== 4 || parsed[0] !== type) return undefined;
  const [, position, place, id] = parsed;
  if (position !== null && (typeof position !== 'string' || position === '')) return undefined;
  if (!Number.isInteger(place) || place < 0 || place > MAX_PAGE_SIZE || typeof id !== 'string')
    return undefined;
  const decoded = { position: position ?? undefined, place, id };
  return encodeCursor(type, decoded) === cursor ? decoded : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
