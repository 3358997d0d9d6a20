import { InvalidInputError, inPlaceOf } from '../../errors.ts';
import { lazy, type MaybePromise, mapMaybePromise } from '../../maybe-promise.ts';
import { cursorIssue } from '../../relay/cursors.ts';
import type { List, Placed } from '../../relay/list.ts';
import { emptySlice, type Slice, sliceOfAll } from '../../relay/slices.ts';
import { isAfterLoose, type PageArguments, parseWindow, type Window } from '../../relay/window.ts';
import { filterInSlices } from '../in-slices.ts';
import type { Expiry } from './client-certificate.ts';
import type { FoldedDescriptions } from './descriptions.ts';
import {
  type ClientCertificateFilter,
  clientCertificateList,
  conditionsOf,
  filterIssues,
  type Item,
  type ListArguments,
  listOf,
  matcher,
} from './list.ts';
import type { Reads } from './reads.ts';

/** A page and the count, each read only when it is asked for. */
export type Connection = {
  slice(): MaybePromise<Slice<Item, MaybePromise<boolean>>>;
  totalCount(): MaybePromise<number>;
};

export type ConnectionOptions = {
  reads: Reads;
  expiry: Expiry;
  /** Resolves when filtering may go on; rejects where the operation has no more time. */
  inTurnAndTime: () => Promise<void>;
  foldedDescriptionOf: FoldedDescriptions;
};

/** The connection that the arguments ask for. Throws at once where they are wrong. */
export function createConnection(
  options: ConnectionOptions,
  { orderBy, ...args }: PageArguments & ListArguments,
): Connection {
  const { reads } = options;
  const filter = conditionsOf(args.filter);
  const list = listOf({ filter, orderBy });
  const window = parseWindow(list, args, filterIssues(filter));
  const items = lazy(() => allOf(options, list, filter));
  const slice = lazy(() => {
    if (!isPageOfAws(list, window)) return mapMaybePromise(items(), (all) => sliceOfAll(list, all, window));
    const slice = reads.slice(window);
    return slice instanceof Promise ? slice.catch(blameCursor(args.after)) : slice;
  });
  return {
    slice: window.first === 0 || window.last === 0 ? () => emptySlice(window, slice) : slice,
    totalCount: () => mapMaybePromise(items(), ({ length }) => length),
  };
}

/** All items of the list, in its order. */
const allOf = (
  { reads, expiry, inTurnAndTime, foldedDescriptionOf }: ConnectionOptions,
  list: List<Item>,
  filter: ClientCertificateFilter | undefined,
): MaybePromise<Placed<Item>[]> =>
  mapMaybePromise(reads.all(), (all) => {
    const inOrder = all.sorted(list);
    if (!filter) return inOrder;
    const matches = matcher(filter, expiry, foldedDescriptionOf);
    return filterInSlices(inOrder, ({ node }) => matches(node), inTurnAndTime);
  });

/** Whether AWS's own pages answer it, so that not all certificates need be read. */
const isPageOfAws = (list: List<Item>, window: Window): boolean =>
  list === clientCertificateList && window.first !== undefined && !window.before && !isAfterLoose(window);

/** Where AWS refuses the `position` of a cursor, it is the cursor that is wrong: a forged one, or an outlived one. */
const blameCursor = (after: string | null | undefined) => (error: unknown) => {
  if (after == null || !(error instanceof InvalidInputError) || !error.aws) throw error;
  throw inPlaceOf(error, new InvalidInputError([cursorIssue('after', after)]));
};
