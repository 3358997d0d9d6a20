import type { MaybePromise } from '../maybe-promise.ts';

/** One item takes up to 20 µs, as the folding of a description of 1024 Greek letters does. */
const ITEMS_A_SLICE = 250;

/** Filters in slices, and awaits `inTurn` before each of them; synchronously if there is only one slice. */
export function filterInSlices<T>(
  items: readonly T[],
  matches: (item: T) => boolean,
  inTurn: () => Promise<void>,
): MaybePromise<T[]> {
  if (items.length <= ITEMS_A_SLICE) return items.filter(matches);
  return filterSlices(items, matches, inTurn);
}

async function filterSlices<T>(
  items: readonly T[],
  matches: (item: T) => boolean,
  inTurn: () => Promise<void>,
): Promise<T[]> {
  const found: T[] = [];
  for (let from = 0; from < items.length; from += ITEMS_A_SLICE) {
    await inTurn();
    for (const item of items.slice(from, from + ITEMS_A_SLICE)) if (matches(item)) found.push(item);
  }
  return found;
}
