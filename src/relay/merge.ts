import type { MaybePromise } from '../maybe-promise.ts';
import { compare, type List, type Placed } from './list.ts';

/**
 * The items of several lists as one array in the order of `list`, which is also that of each of them; without an order, one
 * list after the other. Synchronous if that is known or takes one piece of work; otherwise `inTurn` is awaited between pieces.
 */
export type Merge<T> = (
  list: List<T>,
  lists: readonly Placed<T>[][],
  inTurn: () => Promise<void>,
) => MaybePromise<Placed<T>[]>;

/** How many items are moved at once, which takes about half a millisecond. */
const STEPS_A_PIECE = 5000;

/**
 * Keeps what it has merged, two by two, for each order: if one list of 1,000 has changed, only the ten merges that it is in are
 * made again. A list that is left out is best given as an empty one, so that the others stay in pairs. What is kept
 * is bounded by one merge for each pair, and goes with the arrays that it was made of.
 */
export function createMerge<T>(): Merge<T> {
  const kept = new Map<string, Pair<T>[][]>();
  return (list, lists, inTurn) => {
    const { order } = list;
    if (!order) return lists.flat();
    const levels = kept.get(order.name) ?? [];
    kept.set(order.name, levels);
    const work = mergeAll(levels, lists, (a, b) => compare(a.place, b.place, order.descending) <= 0);
    const { done, value } = work.next();
    return done ? value : finish(work, inTurn);
  };
}

async function finish<R>(work: Generator<void, R>, inTurn: () => Promise<void>): Promise<R> {
  for (;;) {
    await inTurn();
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Two neighbours of one level, and the last merge of them by its inputs. */
type Pair<T> = WeakMap<Placed<T>[], WeakMap<Placed<T>[], Merging<T>>>;

/** Yields after each piece of work. What others have begun is gone on with, so that nothing is done twice. */
function* mergeAll<T>(
  levels: Pair<T>[][],
  lists: readonly Placed<T>[][],
  isInOrder: (a: Placed<T>, b: Placed<T>) => boolean,
): Generator<void, Placed<T>[]> {
  let steps = STEPS_A_PIECE;
  let level = lists;
  for (let depth = 0; level.length > 1; depth += 1) {
    const pairs = levels[depth] ?? [];
    levels[depth] = pairs;
    const next: Placed<T>[][] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [a = [], b = []] = level.slice(i, i + 2);
      if (a.length === 0 || b.length === 0) {
        next.push(b.length === 0 ? a : b);
        continue;
      }
      let merging = pairs[i / 2]?.get(a)?.get(b);
      if (!merging) {
        merging = createMerging(a, b, isInOrder);
        pairs[i / 2] = new WeakMap([[a, new WeakMap([[b, merging]])]]);
      }
      while (!merging.isComplete()) {
        if (steps === 0) {
          yield;
          steps = STEPS_A_PIECE;
        }
        steps = merging.advance(steps);
      }
      next.push(merging.merged);
    }
    level = next;
  }
  return level[0] ?? [];
}

/** Two sorted arrays on the way to become one. */
type Merging<T> = {
  /** Has all items once it is complete. */
  merged: Placed<T>[];
  isComplete(): boolean;
  /** Moves at most so many items; returns how many more could have been moved. */
  advance(steps: number): number;
};

function createMerging<T>(
  a: Placed<T>[],
  b: Placed<T>[],
  isInOrder: (a: Placed<T>, b: Placed<T>) => boolean,
): Merging<T> {
  const merged = new Array<Placed<T>>(a.length + b.length);
  let ofA = 0;
  let ofB = 0;
  return {
    merged,
    isComplete: () => ofA + ofB === merged.length,
    advance: (steps) => {
      let left = steps;
      for (; left > 0 && ofA + ofB < merged.length; left -= 1) {
        const x = a[ofA];
        const y = b[ofB];
        if (x && (!y || isInOrder(x, y))) {
          merged[ofA + ofB] = x;
          ofA += 1;
        } else if (y) {
          merged[ofA + ofB] = y;
          ofB += 1;
        }
      }
      return left;
    },
  };
}
