import type { AccountRegion } from '../aws/account-region.ts';
import type { Stamp } from '../aws/stamps.ts';
import { lazyFor, type MaybePromise, mapMaybePromise } from '../maybe-promise.ts';
import type { SharedReads } from '../shared-reads/interface.ts';
import {
  type ClientCertificateCacheOptions,
  createClientCertificateCache,
} from './client-certificates/cache.ts';
import type { Item } from './client-certificates/list.ts';
import { createReplicaTurns, type ReplicaTurns } from './replica-turns.ts';
import { createSharedStageIndex } from './stages/shared-stage-index.ts';
import { createStageIndex, type StageIndex } from './stages/stage-index.ts';

/** What is known of an account and region, for all operations of the process. */
export type Knowledge = {
  /** The shared reads of its client certificates. */
  certificates: SharedReads<Item>;
  /** Calls `run` after each write of certificates by this process, until the result is called. */
  onWrite(run: () => void): () => void;
  stageIndex: StageIndex;
  /** Undefined if this process is the only one. */
  turns: ReplicaTurns | undefined;
};

/** What is known of all accounts and regions. */
export type AllKnowledge = {
  /** Made when it is asked for first, so that it costs nothing where nobody asks. */
  of(accountRegion: AccountRegion): Knowledge;
  /** Whether an answer with this stamp would be given again now. */
  isFresh(stamp: Stamp): boolean;
  /** Resolves once it is known what other replicas have written before the call. */
  catchUp(): MaybePromise<unknown>;
};

export function createKnowledge(options: Omit<ClientCertificateCacheOptions, 'accountRegion'>): AllKnowledge {
  /** By the name of the collection. */
  const collections = new Map<string, Pick<StageIndex, 'isFresh'>>();

  function create(accountRegion: AccountRegion): Knowledge {
    const reads = createClientCertificateCache({ ...options, accountRegion });
    const { certificates, onWrite } = withWrites(reads);
    const { stageIndex, turns } = createStageKnowledge(accountRegion, options);
    collections.set(certificates.collection, certificates);
    collections.set(stageIndex.stamp().collection, stageIndex);
    return { certificates, onWrite, stageIndex, turns };
  }

  return {
    of: lazyFor(create),
    catchUp: () => options.replicas?.changes.catchUp(),
    isFresh: (stamp) => collections.get(stamp.collection)?.isFresh(stamp) ?? false,
  };
}

/** The reads, of which others are told when they are forgotten. */
function withWrites(reads: SharedReads<Item>): Pick<Knowledge, 'certificates' | 'onWrite'> {
  const told = new Set<() => void>();
  const tell = (forgotten: unknown) => {
    for (const run of told) run();
    return forgotten;
  };
  return {
    certificates: { ...reads, forget: (wait) => mapMaybePromise(reads.forget(wait), tell) },
    onWrite: (run) => {
      told.add(run);
      return () => void told.delete(run);
    },
  };
}

function createStageKnowledge(
  accountRegion: AccountRegion,
  { config, replicas, clock }: Pick<ClientCertificateCacheOptions, 'config' | 'replicas' | 'clock'>,
): Pick<Knowledge, 'stageIndex' | 'turns'> {
  const own = createStageIndex(accountRegion, config.STAGE_READS_PER_SECOND);
  if (!replicas) return { stageIndex: own, turns: undefined };
  const stageIndex = createSharedStageIndex({
    index: own,
    isReady: () => accountRegion.account === undefined || accountRegion.accountId !== undefined,
    facts: replicas.factsIn(accountRegion.name),
    changes: replicas.changes,
    clock,
  });
  return { stageIndex, turns: createReplicaTurns({ accountRegion, replicas, stageIndex }) };
}
