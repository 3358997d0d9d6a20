import { type List, type Placed, sorted } from '../../src/relay/list.ts';
import { allPages, type Page, sliceOfPages } from '../../src/relay/pages.ts';
import { type Slice, sliceOfAll } from '../../src/relay/slices.ts';
import { type PageArguments, parseWindow } from '../../src/relay/window.ts';

/** An item as the model keeps it: `rank` is its place in AWS's order, which has nothing to do with the id. */
export type Row = { id: string; rank: number; key: string | null };

/** AWS's own list of rows. */
export const rows: List<Row> = { type: 'Row', idOf: ({ id }) => id, digest: '' };

/** The rows by their key. */
export const rowsByKey = (descending: boolean): List<Row> => ({
  ...rows,
  digest: descending ? 'down' : 'up',
  order: { name: descending ? 'down' : 'up', keyOf: ({ key }) => key, descending },
});

/**
 * A collection as AWS keeps it: listed by keyset in an order of its own, with a position that stays valid whatever is
 * created and deleted. `sizeOf` says how many items the next page has at most, given its limit. `limits` has the limit
 * of every read.
 */
export function createCollection(initial: Row[]) {
  const byId = new Map(initial.map((row) => [row.id, row]));
  let sorted: Row[] | undefined;
  const all = () => {
    sorted ??= [...byId.values()].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
    return sorted;
  };
  const collection = {
    sizeOf: (limit: number) => limit,
    limits: [] as number[],
    all,
    get: (id: string) => byId.get(id),
    put: (row: Row) => {
      byId.set(row.id, row);
      sorted = undefined;
    },
    /** False if there was none. */
    delete: (id: string) => {
      sorted = undefined;
      return byId.delete(id);
    },
    async read(limit: number, position: string | undefined): Promise<Page<Row>> {
      collection.limits.push(limit);
      const [rank = -1, id = ''] = position === undefined ? [] : JSON.parse(position);
      const rest = all().filter((row) => row.rank > rank || (row.rank === rank && row.id > id));
      const items = rest.slice(0, Math.max(1, Math.min(limit, collection.sizeOf(limit))));
      const last = items.at(-1);
      return items.length < rest.length && last
        ? { items, position: JSON.stringify([last.rank, last.id]) }
        : { items };
    },
  };
  return collection;
}

export type Collection = ReturnType<typeof createCollection>;

/** One page, as the service takes it: AWS's own list forward page by page, everything else out of all items. */
export async function slice(
  collection: Collection,
  list: List<Row>,
  args: PageArguments,
): Promise<Slice<Row>> {
  const window = parseWindow(list, args);
  if (list === rows && window.first !== undefined && !window.before)
    return sliceOfPages(list, window, collection.read);
  return sliceOfAll(list, sorted(list, await everything(collection)), window);
}

export const everything = (collection: Collection): Promise<Placed<Row>[]> =>
  Array.fromAsync(allPages(rows, collection.read, 100)).then((pages) => pages.flatMap(({ items }) => items));
