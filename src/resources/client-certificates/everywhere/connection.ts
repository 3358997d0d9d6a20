import type { AccountRegion } from '../../../aws/account-region.ts';
import { addStamp, NEVER_FRESH } from '../../../aws/stamps.ts';
import { InvalidInputError } from '../../../errors/errors.ts';
import { lazy, type MaybePromise } from '../../../maybe-promise.ts';
import { cursorIssue } from '../../../relay/cursors.ts';
import type { List, Placed } from '../../../relay/list.ts';
import type { Merge } from '../../../relay/merge.ts';
import { emptySlice, type Slice, sliceOfAll } from '../../../relay/slices.ts';
import { walkPlaces } from '../../../relay/walk.ts';
import { isAfterLoose, type PageArguments, parseWindow, type Window } from '../../../relay/window.ts';
import { type Failure, hasAny, incomplete, isFailure, unavailableOf } from '../../everywhere/failures.ts';
import { narrow } from '../../everywhere/narrow.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import { filterInSlices } from '../../in-slices.ts';
import { blameCursor, type Connection } from '../connection.ts';
import {
  type ClientCertificateFilter,
  filterIssues,
  type Item,
  type ListArguments,
  listOf,
  type MatcherOptions,
  matcher,
} from '../list.ts';
import type { Snapshots } from './snapshots.ts';

export type ConnectionOptions = {
  operation: OperationEverywhere;
  snapshots: Snapshots;
  merge: Merge<Item>;
  matching: MatcherOptions;
};

/** A part of the list, and the accounts and regions that are missing in it. */
type Part<T> = { part: T; failures: Failure[] };

/** The connection for the arguments. Throws synchronously if they are wrong. */
export function createConnection(
  options: ConnectionOptions,
  { orderBy, ...args }: PageArguments & ListArguments,
): Connection {
  const { operation } = options;
  const { filter, chosen, conditions, issues } = narrow(operation.all, args.filter);
  const isPlain = !conditions && !orderBy;
  const list = {
    ...listOf(isPlain ? {} : { filter, orderBy }),
    places: operation.all.map(({ name }) => name),
  };
  const window = parseWindow(list, args, [...issues, ...filterIssues(conditions)]);
  checkChosen(chosen, args, window);
  const whole = lazy(() => readWhole(options, chosen, list, conditions));
  const isEmpty = window.first === 0 || window.last === 0;
  const page = lazy(async (): Promise<Part<Slice<Item, MaybePromise<boolean>>>> => {
    if (isPlain && isPageOfAws(window)) return walk(operation, chosen, window).catch(blameCursor(args.after));
    const { part, unfiltered, failures } = await whole();
    checkLoose(window, failures);
    return { part: sliceOfAll(list, part, window, unfiltered), failures };
  });
  const slice = async () => (await page()).part;
  return {
    slice: isEmpty ? () => emptySlice(window, slice) : slice,
    totalCount: async () => {
      const { part, failures } = await whole();
      if (hasAny(failures)) throw incomplete(failures);
      return part.length;
    },
    unavailable: async () => {
      const { failures } = await (isEmpty ? whole() : page());
      return failures.map((failure) => unavailableOf(failure, operation.now));
    },
  };
}

/** To sort so many collections of 60 certificates takes a few milliseconds. Each is sorted once. */
const SORTED_A_TURN = 50;

/** Everything that matches, and everything, in the order of the list. Rejects if nothing can be read. */
async function readWhole(
  { operation, snapshots, merge, matching }: ConnectionOptions,
  chosen: AccountRegion[],
  list: List<Item>,
  conditions: ClientCertificateFilter | undefined,
): Promise<Part<Placed<Item>[]> & { unfiltered: Placed<Item>[] }> {
  const { reads, failures } = await snapshots.read(chosen);
  if (reads.length === 0 && hasAny(failures)) throw failures[0].error;
  const { all, inTurnAndTime } = operation;
  const parts = new Map<AccountRegion, Placed<Item>[]>();
  for (const [i, { accountRegion, snapshot }] of reads.entries()) {
    if (i % SORTED_A_TURN === SORTED_A_TURN - 1) await inTurnAndTime();
    parts.set(accountRegion, snapshot.sorted(list));
  }
  const aligned = all.map((accountRegion) => parts.get(accountRegion) ?? []); // so that what was merged before is found
  const unfiltered = await merge(list, aligned, inTurnAndTime);
  if (!conditions) return { part: unfiltered, unfiltered, failures };
  const matches = matcher(conditions, matching);
  const part = await filterInSlices(unfiltered, ({ node }) => matches(node), inTurnAndTime);
  return { part, unfiltered, failures };
}

/** A page of AWS's own lists, one after the other: one call, or a second one where a list ends. If `first` is 0, it tells whether there are more. */
async function walk(
  { ask, reasonNotToAsk, doorsIn, together, use }: OperationEverywhere,
  chosen: AccountRegion[],
  { first = 0, after }: Window,
): Promise<Part<Slice<Item, MaybePromise<boolean>>>> {
  const byName = new Map(chosen.map((accountRegion) => [accountRegion.name, accountRegion]));
  const of = (place: string): AccountRegion => {
    const accountRegion = byName.get(place);
    if (!accountRegion) throw new Error(`no account and region ${place}`);
    return accountRegion;
  };
  const { slice, skipped } = await walkPlaces<Item>({
    places: [...byName.keys()],
    after,
    first,
    read: (place, window): MaybePromise<Slice<Item>> =>
      ask(of(place), () =>
        doorsIn(of(place)).clientCertificates.slice(window, () => reasonNotToAsk(of(place))),
      ),
    together,
    isSkipped: isFailure,
  });
  await slice.pageInfo.hasNextPage; // after that, all that were skipped are known
  const failures = skipped.flatMap(({ place, error }) =>
    isFailure(error) ? [{ accountRegion: of(place), error }] : [],
  );
  if (failures.length > 0) addStamp(use.stamps, NEVER_FRESH);
  return { part: slice, failures };
}

/** Whether AWS's own pages answer it, so that not all certificates have to be read. */
const isPageOfAws = (window: Window): boolean =>
  window.first !== undefined && !window.before && !isAfterLoose(window);

/** A cursor of an account and region that the filter leaves out is none of this list. */
function checkChosen(chosen: AccountRegion[], args: PageArguments, window: Window): void {
  const issues = (['after', 'before'] as const).flatMap((name) => {
    const where = window[name]?.where;
    const isThere = where === undefined || chosen.some((accountRegion) => accountRegion.name === where);
    return isThere ? [] : [cursorIssue(name, args[name] ?? '')];
  });
  if (issues.length > 0) throw new InvalidInputError(issues);
}

/** Whether the item of a cursor is gone cannot be told where its account and region cannot be read. */
function checkLoose({ after, before }: Window, failures: Failure[]): void {
  for (const { accountRegion, error } of failures)
    for (const cursor of [after, before])
      if (cursor?.where === accountRegion.name && isAfterLoose({ after: cursor })) throw error;
}
