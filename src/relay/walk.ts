import { lazy, type MaybePromise } from '../maybe-promise.ts';
import type { Cursor, Edge } from './list.ts';
import { emptySlice, type Slice, sliceOfEdges } from './slices.ts';

/** A forward slice of AWS's own lists of several accounts and regions, one after the other. */
export type Walk<T> = {
  /** Their names, in the configured order. */
  places: readonly string[];
  /** A cursor of one of them, behind which the slice begins. */
  after?: Cursor | undefined;
  first: number;
  /** Reads a slice of one of them; `first` is never 0. Only the end of its list may make it shorter. */
  read(place: string, window: { first: number; after?: Cursor }): MaybePromise<Slice<T>>;
  /** How many are read at the same time, at most. */
  together: number;
  /** Whether the others hold although one was not read because of this error. */
  isSkipped(error: unknown): boolean;
};

/** An account and region that could not be read, and why. */
export type Skipped = { place: string; error: unknown };

/** `skipped` has what was left out, in the configured order. */
export type Walked<T> = { slice: Slice<T, MaybePromise<boolean>>; skipped: Skipped[] };

/**
 * Walks from the account and region of `after`, or the first, until `first` items are found and it is known whether there are more: a page that
 * ends with a list asks the next lists for a page of their own, which the next page then finds known. Those that fail are
 * skipped. Rejects with the first error if nothing that was asked answers, and with any error that is not to be
 * skipped. If `first` is 0, nothing is read before somebody wants to know whether there are more; `skipped` is complete after that.
 */
export async function walkPlaces<T>(walk: Walk<T>): Promise<Walked<T>> {
  const { first, after } = walk;
  const skipped: Skipped[] = [];
  const slice = lazy(() => sliceOf(walk, skipped));
  return {
    slice: first > 0 ? await slice() : emptySlice({ first, ...(after && { after }) }, slice),
    skipped,
  };
}

async function sliceOf<T>(walk: Walk<T>, skipped: Skipped[]): Promise<Slice<T>> {
  const { places, after, first, together } = walk;
  const wanted = Math.max(1, first);
  const found: Edge<T>[] = [];
  let hasAnswer = false;
  let hasNextPage = false;
  const start = after?.where === undefined ? 0 : places.indexOf(after.where);
  for (const asked of inGroups(places.slice(start), together)) {
    const missing = wanted - found.length;
    const answers = await Promise.all(asked.map((place) => readOne(walk, place, missing || wanted)));
    for (const answer of answers)
      if ('error' in answer) skipped.push(answer);
      else {
        hasAnswer = true;
        found.push(...answer.edges);
        hasNextPage ||= answer.pageInfo.hasNextPage;
      }
    hasNextPage ||= found.length > first;
    if (hasNextPage) break;
  }
  if (!hasAnswer && skipped[0]) throw skipped[0].error;
  return sliceOfEdges(found.slice(0, first), { hasNextPage, hasPreviousPage: after !== undefined });
}

async function readOne<T>(
  { after, read, isSkipped }: Walk<T>,
  place: string,
  first: number,
): Promise<Slice<T> | Skipped> {
  try {
    return await read(place, after?.where === place ? { first, after } : { first });
  } catch (error) {
    if (!isSkipped(error)) throw error;
    return { place, error };
  }
}

/** The first alone, as it mostly fills a page; then the next 1, 2, 4 … at once, because many may be empty. */
function* inGroups(places: readonly string[], together: number): Generator<readonly string[], void> {
  yield places.slice(0, 1);
  for (let from = 1, size = 1; from < places.length; ) {
    yield places.slice(from, from + size);
    from += size;
    size = Math.min(2 * size, together);
  }
}
