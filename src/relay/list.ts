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

/**
 * A place in a list: behind the item `ids[0]`. In AWS's order, that item is the `place`-th of the page that begins at
 * `position` (the first page without one), or `position` begins right behind it and `place` is 0; and the other `ids`
 * are those that stood before it, nearest first, to find the place by should the item itself be gone. In any other
 * order, `key` is what the item was sorted by.
 */
export type Cursor = { digest: string; position: string | null; place: number; key: SortKey; ids: string[] };

/** An item, what its cursor is made of, and its edge in AWS's own list, made once, since many answers have it. */
export type Placed<T> = { node: T; place: Omit<Cursor, 'digest'>; edge?: Edge<T> };

export type Edge<T> = { cursor: string; node: T };

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

export function compare(
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
