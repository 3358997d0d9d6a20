/** The value that an item is sorted by. Null comes last in both directions. */
export type SortKey = string | number | null;

/**
 * A list of items of one `type`. A broken item has no id. A cursor is valid for one list only: `digest` is empty for AWS's own list, and identifies
 * the filter and the order of any other. Without `order` the list has AWS's order; orders with the same name are the same.
 *
 * Where there are several accounts and regions, `where` is the name of the one whose own list this is. A list over several
 * has their names in `places` instead, in the configured order. Without `order`, its items come place by place.
 */
export type List<T> = {
  type: string;
  idOf(item: T): string | undefined;
  digest: string;
  order?: { name: string; keyOf(item: T): SortKey; descending: boolean };
  where?: string;
  places?: readonly string[];
};

/** Undefined for an item that came broken. */
type Id = string | undefined;

/**
 * A place in a list: behind the item `ids[0]`. In AWS's order, that item is number `place` of the page that begins at
 * `position` (the first page has none); or `position` begins right behind the item, and `place` is 0. The other `ids`
 * are those of the items before it, nearest first: they find the place if the item itself is gone. In any other
 * order, `key` is the value that the item was sorted by. `where` is the name of the item's account and region, if there
 * are several: items are the same only if it and the id are the same.
 */
export type Cursor = {
  digest: string;
  position: string | null;
  place: number;
  key: SortKey;
  ids: Id[];
  where?: string;
};

/** An item with its place, and its edge in AWS's own list, which is made once because many answers contain it. */
export type Placed<T> = { node: T; place: Omit<Cursor, 'digest'>; edge?: Edge<T> };

/** The place with the name of its account and region, if there are several. */
export const placeIn = <P extends object>(where: string | undefined, place: P): P & { where?: string } =>
  where === undefined ? place : { ...place, where };

export type Edge<T> = { cursor: string; node: T };

/** The items in the order of the list; equal keys are ordered by id, and then by account and region. */
export function sorted<T>({ idOf, order }: List<T>, items: Placed<T>[]): Placed<T>[] {
  if (!order) return items;
  return items
    .map(({ node, place: { where } }) => {
      const place = { position: null, place: 0, key: order.keyOf(node), ids: [idOf(node)] };
      return { node, place: placeIn(where, place) };
    })
    .sort((a, b) => compare(a.place, b.place, order.descending));
}

type Sortable = Pick<Cursor, 'key' | 'ids' | 'where'>;

export function compare(a: Sortable, b: Sortable, descending: boolean): number {
  if (a.key === b.key)
    return compareValues(a.ids[0] ?? '', b.ids[0] ?? '') || compareValues(a.where ?? '', b.where ?? '');
  if (a.key === null) return 1;
  if (b.key === null) return -1;
  return descending ? compareValues(b.key, a.key) : compareValues(a.key, b.key);
}

const compareValues = <V extends string | number>(a: V, b: V) => (a < b ? -1 : a > b ? 1 : 0);
