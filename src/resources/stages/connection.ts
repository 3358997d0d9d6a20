import type { AccountRegion } from '../../aws/account-region.ts';
import type { InputIssue } from '../../errors/errors.ts';
import { lazy, type MaybePromise, mapMaybePromise } from '../../maybe-promise.ts';
import { digestOf } from '../../relay/cursors.ts';
import type { List, Placed } from '../../relay/list.ts';
import { emptySlice, type Slice, sliceOfAll } from '../../relay/slices.ts';
import { type PageArguments, parseWindow } from '../../relay/window.ts';
import type { Expiry } from '../client-certificates/client-certificate.ts';
import { narrow } from '../everywhere/narrow.ts';
import { filterInSlices } from '../in-slices.ts';
import type { ApiStage } from './api-stage.ts';
import {
  type ApiStageFilter,
  apiStageList,
  type FindCertificate,
  filterIssues,
  matcher,
  needsCertificates,
} from './list.ts';
import type { IndexState, StageSnapshot } from './snapshot.ts';

/** A page of stages, their count, and how much of AWS they are known from. */
export type StageConnection = {
  slice(): MaybePromise<Slice<ApiStage, MaybePromise<boolean>>>;
  totalCount(): MaybePromise<number>;
  index: IndexState;
};

export type StageConnectionOptions = {
  accountRegion: AccountRegion;
  snapshot: StageSnapshot;
  expiry: Expiry;
  /** Reads all client certificates. */
  certificates(): MaybePromise<FindCertificate>;
  /** Resolves when filtering may continue; rejects if the operation's time is over. */
  inTurnAndTime: () => Promise<void>;
};

/** The stages of all APIs. Throws synchronously if the arguments are wrong. */
export function stagesThatMatch(
  options: StageConnectionOptions,
  args: PageArguments & { filter?: ApiStageFilter | null | undefined },
): StageConnection {
  const { accountRegion, snapshot, expiry, certificates, inTurnAndTime } = options;
  const { conditions: filter, issues } = narrow([accountRegion], args.filter);
  if (!filter) return connectionOf(snapshot, apiStageList, args, () => snapshot.stages, issues);
  const list = { ...apiStageList, digest: digestOf(Object.entries(filter)) };
  const matches = (find: FindCertificate) => {
    const isWanted = matcher(accountRegion.region, filter, expiry, find);
    return filterInSlices(snapshot.stages, ({ node }) => isWanted(node), inTurnAndTime);
  };
  const all = () =>
    needsCertificates(filter) ? mapMaybePromise(certificates(), matches) : matches(() => null);
  return connectionOf(snapshot, list, args, all, [...issues, ...filterIssues(accountRegion.region, filter)]);
}

/** The stages that use a client certificate of this account and region. Throws synchronously if the arguments are wrong. */
export function stagesOfCertificate(
  { where }: Pick<AccountRegion, 'where'>,
  snapshot: StageSnapshot,
  clientCertificateId: string,
  args: PageArguments,
): StageConnection {
  const list = { ...apiStageList, digest: clientCertificateId, ...(where !== undefined && { where }) };
  return connectionOf(snapshot, list, args, () => snapshot.ofCertificate(clientCertificateId));
}

/** The connection for arguments of a list. Throws synchronously if they are wrong, or there are issues. */
export function connectionOf(
  { index }: Pick<StageSnapshot, 'index'>,
  list: List<ApiStage>,
  args: PageArguments,
  all: () => MaybePromise<Placed<ApiStage>[]>,
  issues: InputIssue[] = [],
): StageConnection {
  const window = parseWindow(list, args, issues);
  const items = lazy(all);
  const slice = () => mapMaybePromise(items(), (found) => sliceOfAll(list, found, window));
  return {
    index,
    slice: window.first === 0 || window.last === 0 ? () => emptySlice(window, slice) : slice,
    totalCount: () => mapMaybePromise(items(), ({ length }) => length),
  };
}
