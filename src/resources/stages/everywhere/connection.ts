import type { AccountRegion } from '../../../aws/account-region.ts';
import { digestOf } from '../../../relay/cursors.ts';
import type { Placed } from '../../../relay/list.ts';
import type { Merge } from '../../../relay/merge.ts';
import type { PageArguments } from '../../../relay/window.ts';
import { certificateIdIssues, parseCertificateAddress } from '../../client-certificates/everywhere/locate.ts';
import type { Snapshots } from '../../client-certificates/everywhere/snapshots.ts';
import type { Address } from '../../everywhere/address.ts';
import { hasAny, incomplete } from '../../everywhere/failures.ts';
import { narrow } from '../../everywhere/narrow.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import { filterInSlices } from '../../in-slices.ts';
import type { ApiStage } from '../api-stage.ts';
import { connectionOf, type StageConnection } from '../connection.ts';
import {
  type ApiStageFilter,
  apiStageList,
  type FindCertificate,
  filterIssues,
  matcher,
  needsCertificates,
} from '../list.ts';
import { combinedState } from './index-state.ts';

export type StagesEverywhereOptions = {
  operation: OperationEverywhere;
  snapshots: Snapshots;
  merge: Merge<ApiStage>;
};

/** The stages of all APIs everywhere, in the order of their ARNs. Throws synchronously if the arguments are wrong. */
export function stagesEverywhere(
  { operation, snapshots, merge }: StagesEverywhereOptions,
  args: PageArguments & { filter?: ApiStageFilter | null | undefined },
): StageConnection {
  const { all, stagesIn, inTurnAndTime } = operation;
  const { filter, chosen, conditions: others, issues } = narrow(all, args.filter);
  const { clientCertificate, ...conditions }: ApiStageFilter = others ?? {};
  const address = clientCertificate == null ? undefined : parseCertificateAddress(clientCertificate);
  const list = {
    ...apiStageList,
    places: all.map(({ name }) => name),
    ...(filter && { digest: digestOf(Object.entries(filter)) }),
  };

  /** Rejects if the certificates that the filter needs cannot all be read. */
  async function matchers(): Promise<Map<string, (stage: ApiStage) => boolean>> {
    const { reads, failures } = needsCertificates(conditions)
      ? await snapshots.read(chosen)
      : { reads: [], failures: [] };
    if (hasAny(failures)) throw incomplete(failures);
    const finders = new Map(reads.map(({ accountRegion, snapshot }) => [accountRegion, snapshot.find]));
    return new Map(
      chosen.map((accountRegion) => {
        const find: FindCertificate = finders.get(accountRegion) ?? (() => null);
        const own = address ? { ...conditions, clientCertificate: address.local } : conditions;
        const matches = matcher(accountRegion.region, own, operation.expiry, find);
        return [accountRegion.name, address && !fits(accountRegion, address) ? () => false : matches];
      }),
    );
  }

  async function items(): Promise<Placed<ApiStage>[]> {
    const isChosen = new Set(chosen);
    const parts = all.map((one) => (isChosen.has(one) ? stagesIn(one).stages : []));
    const stages = await merge(list, parts, inTurnAndTime);
    if (!others) return stages;
    const matches = await matchers();
    const isWanted = ({ node, place: { where = '' } }: Placed<ApiStage>) =>
      matches.get(where)?.(node) ?? false;
    return filterInSlices(stages, isWanted, inTurnAndTime);
  }

  return connectionOf(
    { index: combinedState(chosen.map((accountRegion) => stagesIn(accountRegion).index)) },
    list,
    args,
    items,
    [
      ...issues,
      ...filterIssues('', conditions),
      ...(clientCertificate == null
        ? []
        : certificateIdIssues(all, clientCertificate, ['filter', 'clientCertificate'])),
    ],
  );
}

/** Stages are known only where the account is. */
const fits = ({ accountId, region }: AccountRegion, address: Address): boolean =>
  (address.region ?? region) === region && (address.accountId ?? accountId) === accountId;
