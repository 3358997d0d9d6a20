import type { AccountRegion } from '../../aws/account-region.ts';
import type { AccountRegions } from '../../aws/account-regions.ts';
import { timeIsOver } from '../../aws/errors.ts';
import type { OperationEnd } from '../../aws/operation-end.ts';
import type { ParallelReads } from '../../aws/parallel-reads.ts';
import { lazyFor } from '../../maybe-promise.ts';
import { createMerge } from '../../relay/merge.ts';
import type { Clock } from '../../time/clock.ts';
import type { ClientCertificates } from '../client-certificates/client-certificates.ts';
import { createFoldedDescriptions } from '../client-certificates/descriptions.ts';
import { createClientCertificatesEverywhere } from '../client-certificates/everywhere/client-certificates.ts';
import { createLocate } from '../client-certificates/everywhere/locate.ts';
import { createSnapshots } from '../client-certificates/everywhere/snapshots.ts';
import type { Item } from '../client-certificates/list.ts';
import type { Doors } from '../doors.ts';
import type { AllKnowledge } from '../knowledge.ts';
import type { ApiStage } from '../stages/api-stage.ts';
import type { ApiStages } from '../stages/api-stages.ts';
import { createApiStagesEverywhere } from '../stages/everywhere/api-stages.ts';
import { createAsk, createReasonNotToAsk } from './ask.ts';
import { createHome } from './home.ts';
import type { OperationEverywhere } from './operation.ts';

export type EverywhereOptions = {
  accountRegions: AccountRegions;
  knowledge: AllKnowledge;
  inParallel: ParallelReads;
  /** The same for reads that no client waits for. */
  inBackground: ParallelReads;
  together: number;
  /** How long an operation may take. */
  timeoutMs: number;
  clock: Pick<Clock, 'later'>;
};

/** What an operation brings along. */
export type EverywhereOperation = Pick<
  OperationEverywhere,
  'use' | 'viewer' | 'expiry' | 'now' | 'inTurn' | 'inTurnAndTime'
> & {
  client: string;
  end: OperationEnd;
  doorsIn: (accountRegion: AccountRegion) => Doors;
};

/** Called once per process. Returns the factory of what one operation can ask of and do in all accounts and regions. */
export function createEverywhere({
  accountRegions: { all },
  knowledge,
  inParallel,
  inBackground,
  together,
  timeoutMs,
  clock,
}: EverywhereOptions): (operation: EverywhereOperation) => {
  clientCertificates: ClientCertificates;
  apiStages: ApiStages;
} {
  const ask = createAsk({ knowledge, timeoutMs, clock });
  const reasonNotToAsk = createReasonNotToAsk(knowledge, inBackground);
  const homeOf = createHome(all);
  const byRegion = Map.groupBy(all, ({ region }) => region);
  const inRegion = (region: string) => byRegion.get(region) ?? [];
  const foldedDescriptionOf = createFoldedDescriptions();
  const mergeCertificates = createMerge<Item>();
  const mergeStages = createMerge<ApiStage>();
  return ({ client, end, ...own }) => {
    const doorsIn = lazyFor(own.doorsIn);
    const operation: OperationEverywhere = {
      ...own,
      all,
      inRegion,
      knowledge,
      ask: async (accountRegion, read) => {
        if (end.leftMs() < 1) throw timeIsOver(); // a timer may be early by less than a millisecond
        return ask(accountRegion, read);
      },
      reasonNotToAsk,
      together,
      doorsIn,
      stagesIn: (accountRegion) => doorsIn(accountRegion).apiStages.snapshot(),
      inParallel: (read) => inParallel(client, read, end.whenOver),
    };
    const snapshots = createSnapshots(operation);
    const locate = createLocate(operation, snapshots);
    const shared = { operation, homeOf, snapshots, locate };
    return {
      clientCertificates: createClientCertificatesEverywhere({
        ...shared,
        merge: mergeCertificates,
        foldedDescriptionOf,
      }),
      apiStages: createApiStagesEverywhere({ ...shared, merge: mergeStages }),
    };
  };
}
