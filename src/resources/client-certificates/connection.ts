import type { AccountRegion } from '../../aws/account-region.ts';
import { InvalidInputError, inPlaceOf } from '../../errors/errors.ts';
import { lazy, type MaybePromise, mapMaybePromise } from '../../maybe-promise.ts';
import { cursorIssue } from '../../relay/cursors.ts';
import type { List, Placed } from '../../relay/list.ts';
import { emptySlice, type Slice, sliceOfAll } from '../../relay/slices.ts';
import { isAfterLoose, type PageArguments, parseWindow, type Window } from '../../relay/window.ts';
import { narrow } from '../everywhere/narrow.ts';
import type { AccountRegionState } from '../everywhere/state.ts';
import { filterInSlices } from '../in-slices.ts';
import {
  type ClientCertificateFilter,
  clientCertificateList,
  filterIssues,
  type Item,
  type ListArguments,
  listOf,
  type MatcherOptions,
  matcher,
} from './list.ts';
import type { Reads } from './reads.ts';

/** A page and the count. Each is read only when it is selected. */
export type Connection = {
  slice(): MaybePromise<Slice<Item, MaybePromise<boolean>>>;
  totalCount(): MaybePromise<number>;
  /** The accounts and regions that the page stands on and that could not be read. */
  unavailable(): MaybePromise<AccountRegionState[]>;
};

export type ConnectionOptions = MatcherOptions & {
  accountRegion: AccountRegion;
  reads: Reads;
  /** Resolves when filtering may continue; rejects if the operation's time is over. */
  inTurnAndTime: () => Promise<void>;
};

/** The connection for the arguments. Throws synchronously if they are wrong. */
export function createConnection(
  options: ConnectionOptions,
  { orderBy, ...args }: PageArguments & ListArguments,
): Connection {
  const { reads } = options;
  const { conditions: filter, issues } = narrow([options.accountRegion], args.filter);
  const list = listOf({ filter, orderBy });
  const window = parseWindow(list, args, [...issues, ...filterIssues(filter)]);
  const inOrder = lazy(() => mapMaybePromise(reads.all(), (all) => all.sorted(list)));
  const items = lazy(() => mapMaybePromise(inOrder(), (all) => matching(options, all, filter)));
  const slice = lazy(() => {
    if (!isPageOfAws(list, window))
      return mapMaybePromise(inOrder(), (all) =>
        mapMaybePromise(items(), (found) => sliceOfAll(list, found, window, all)),
      );
    const slice = reads.slice(window);
    return slice instanceof Promise ? slice.catch(blameCursor(args.after)) : slice;
  });
  return {
    slice: window.first === 0 || window.last === 0 ? () => emptySlice(window, slice) : slice,
    totalCount: () => mapMaybePromise(items(), ({ length }) => length),
    unavailable: () => [],
  };
}

/** Those of the items that match the filter. Without a filter, it is the same array. */
function matching(
  { inTurnAndTime, ...known }: ConnectionOptions,
  items: Placed<Item>[],
  filter: ClientCertificateFilter | undefined,
): MaybePromise<Placed<Item>[]> {
  if (!filter) return items;
  const matches = matcher(filter, known);
  return filterInSlices(items, ({ node }) => matches(node), inTurnAndTime);
}

/** Whether AWS's own pages answer it, so that not all certificates have to be read. */
const isPageOfAws = (list: List<Item>, window: Window): boolean =>
  list === clientCertificateList && window.first !== undefined && !window.before && !isAfterLoose(window);

/** If AWS refuses the `position` of a cursor, the cursor is forged or outdated. */
export const blameCursor = (after: string | null | undefined) => (error: unknown) => {
  if (after == null || !(error instanceof InvalidInputError) || !error.aws) throw error;
  throw inPlaceOf(error, new InvalidInputError([cursorIssue('after', after)]));
};
