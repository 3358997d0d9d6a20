import { type Cursor, compare, type List, type Placed } from './list.ts';

/** How many items there are up to and including the cursor's. If that cannot be told any more, all come after it. */
export function countThrough<T>(list: List<T>, items: Placed<T>[], cursor: Cursor): number {
  return find(list, items, cursor) ?? groupOf(list, items, cursor).from;
}

/** How many items there are before the cursor's. If that cannot be told any more, all are. */
export function countBefore<T>(list: List<T>, items: Placed<T>[], cursor: Cursor): number {
  const through = find(list, items, cursor) ?? groupOf(list, items, cursor).to;
  const last = items[through - 1];
  const isItsOwn = last && list.idOf(last.node) === cursor.ids[0] && last.place.where === cursor.where;
  return isItsOwn ? through - 1 : through;
}

/** Whether the items tell the place of the cursor. */
export const isFound = <T>(list: List<T>, items: Placed<T>[], cursor: Cursor): boolean =>
  find(list, items, cursor) !== undefined;

/** How many items there are up to and including the cursor's; undefined if that cannot be told any more. */
function find<T>(list: List<T>, items: Placed<T>[], cursor: Cursor): number | undefined {
  const { order, places } = list;
  if (order) return firstIndex(items, ({ place }) => compare(place, cursor, order.descending) > 0);
  if (!places) return findByIds(list, items, cursor);
  const { from, to } = groupOf(list, items, cursor);
  if (from === to) return from; // its account and region cannot be read, or has no items: the place is the border
  const found = findByIds(list, items.slice(from, to), cursor);
  return found === undefined ? undefined : from + found;
}

function findByIds<T>({ idOf }: List<T>, items: Placed<T>[], cursor: Cursor): number | undefined {
  const atPlace = items[cursor.place - 1];
  if (atPlace && idOf(atPlace.node) === cursor.ids[0]) return cursor.place;
  for (const id of cursor.ids) {
    const index = id === undefined ? -1 : items.findIndex(({ node }) => idOf(node) === id);
    if (index !== -1) return index + 1;
  }
  return namesAllBefore(cursor) ? 0 : undefined;
}

/** Whether the ids are those of all items from the beginning of the list. If they are gone, all others come after the cursor. */
const namesAllBefore = ({ position, place, ids }: Cursor): boolean =>
  position === null && place === ids.length;

/** The items of the cursor's account and region, in a list that comes place by place; all items of any other. */
function groupOf<T>({ places }: List<T>, items: Placed<T>[], cursor: Cursor): { from: number; to: number } {
  if (!places) return { from: 0, to: items.length };
  const ranks = new Map(places.map((name, rank) => [name, rank]));
  const rankOf = (where = '') => ranks.get(where) ?? -1;
  const rank = rankOf(cursor.where);
  return {
    from: firstIndex(items, ({ place }) => rankOf(place.where) >= rank),
    to: firstIndex(items, ({ place }) => rankOf(place.where) > rank),
  };
}

/** The index of the first item that `isBehind`; their number if there is none. Behind such an item there are only such. */
function firstIndex<T>(items: T[], isBehind: (item: T) => boolean): number {
  let from = 0;
  let to = items.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const item = items[middle];
    if (item !== undefined && !isBehind(item)) from = middle + 1;
    else to = middle;
  }
  return from;
}
