import type { AccountRegion } from '../../../aws/account-region.ts';
import { addStamp, NEVER_FRESH } from '../../../aws/stamps.ts';
import type { MaybePromise } from '../../../maybe-promise.ts';
import type { Snapshot } from '../../../shared-reads/snapshot.ts';
import { type Failure, isFailure } from '../../everywhere/failures.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import type { Item } from '../list.ts';

/** All certificates of one account and region. */
export type Read = { accountRegion: AccountRegion; snapshot: Snapshot<Item> };

type Reads = { reads: Read[]; failures: Failure[] };

/** The whole collections that one operation reads, each once. */
export type Snapshots = {
  /**
   * Reads all of these at once, as far as they can be read. Rejects with what is no failure of one of them. For the same list there is
   * the same answer.
   */
  read(chosen: readonly AccountRegion[]): Promise<Reads>;
  /** Forgets what was read. */
  forget(): void;
};

/** So that the reads of an account do not all wait for its role to be assumed, while others could be made. */
const regionByRegion = (chosen: readonly AccountRegion[]): AccountRegion[] =>
  Array.from(Map.groupBy(chosen, ({ region }) => region).values()).flat();

export function createSnapshots(operation: OperationEverywhere): Snapshots {
  const { knowledge, doorsIn, ask, reasonNotToAsk, inParallel, together, use } = operation;
  const known = new Map<AccountRegion, MaybePromise<Snapshot<Item>>>();
  /** One operation may look for thousands of ids in the same thousand collections. */
  const answers = new Map<readonly AccountRegion[], Promise<Reads>>();

  async function readUnlessFailing(accountRegion: AccountRegion): Promise<Snapshot<Item>> {
    const reason = reasonNotToAsk(accountRegion);
    if (reason) throw reason;
    return inParallel(() => ask(accountRegion, doorsIn(accountRegion).clientCertificates.snapshot));
  }

  /** What is known costs no turn of the event loop. */
  function begin(accountRegion: AccountRegion): MaybePromise<Snapshot<Item>> {
    const there =
      known.get(accountRegion) ??
      knowledge.of(accountRegion).certificates.recall({ kind: 'all' }, { use }) ??
      readUnlessFailing(accountRegion);
    known.set(accountRegion, there);
    return there;
  }

  /** Begins no more at the same time than can be made, slow ones included, since each that waits takes memory. */
  async function beginAll(chosen: readonly AccountRegion[]) {
    const begun = new Map<AccountRegion, MaybePromise<Snapshot<Item>>>();
    const left = regionByRegion(chosen).values();
    async function beginOneByOne(): Promise<void> {
      for (const accountRegion of left) {
        const there = begin(accountRegion);
        begun.set(accountRegion, there);
        if (there instanceof Promise) await there.catch(() => undefined);
      }
    }
    await Promise.all(Array.from({ length: 2 * together }, beginOneByOne));
    return begun;
  }

  async function readAll(chosen: readonly AccountRegion[]): Promise<Reads> {
    const begun = await beginAll(chosen);
    const reads: Read[] = [];
    const failures: Failure[] = [];
    const outcomes = await Promise.allSettled(chosen.map((accountRegion) => begun.get(accountRegion)));
    for (const [i, accountRegion] of chosen.entries()) {
      const outcome = outcomes[i];
      if (outcome?.status === 'fulfilled' && outcome.value)
        reads.push({ accountRegion, snapshot: outcome.value });
      else if (outcome?.status === 'rejected') {
        if (!isFailure(outcome.reason)) throw outcome.reason;
        failures.push({ accountRegion, error: outcome.reason });
      }
    }
    if (failures.length > 0) addStamp(use.stamps, NEVER_FRESH);
    return { reads, failures };
  }

  return {
    forget: () => {
      known.clear();
      answers.clear();
    },
    read: async (chosen) => {
      const answer = answers.get(chosen) ?? readAll(chosen);
      answers.set(chosen, answer);
      return answer;
    },
  };
}
