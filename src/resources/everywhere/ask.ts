import type { AccountRegion } from '../../aws/account-region.ts';
import { notAnswered } from '../../aws/errors.ts';
import type { ParallelReads } from '../../aws/parallel-reads.ts';
import { type CertwayError, UpstreamError } from '../../errors/errors.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import { type Clock, within } from '../../time/clock.ts';
import type { AllKnowledge } from '../knowledge.ts';

/** Waits for a read of one of several accounts and regions. Rejects sooner than the read alone would. */
export type Ask = <R>(accountRegion: AccountRegion, read: () => MaybePromise<R>) => Promise<R>;

/** Nobody who asks several of them waits for one for longer, and none waits for one alone until the operation's time is over. */
const PATIENCE_MS = 2000;

/**
 * Why not to ask AWS there: it has failed the last time. Somebody has to find out when it answers again, and nobody waits for that.
 */
export type ReasonNotToAsk = (accountRegion: AccountRegion) => CertwayError | undefined;

export const createReasonNotToAsk =
  (knowledge: AllKnowledge, inBackground: ParallelReads): ReasonNotToAsk =>
  (accountRegion) => {
    const { availability } = accountRegion;
    if (availability.isProbeDue())
      void inBackground('', () => knowledge.of(accountRegion).certificates.refresh({ kind: 'all' }));
    return availability.failure();
  };

export type AskOptions = {
  knowledge: AllKnowledge;
  /** How long an operation may take. */
  timeoutMs: number;
  clock: Pick<Clock, 'later'>;
};

/** Where AWS is too slow, that is the answer, so that one of them never holds up the others. */
export function createAsk({ knowledge, timeoutMs, clock }: AskOptions): Ask {
  const patienceMs = Math.min(PATIENCE_MS, timeoutMs / 2);

  function tooLate(accountRegion: AccountRegion): CertwayError {
    if (accountRegion.budget.isHolding()) return notAsked();
    const error = notAnswered();
    if (!knowledge.of(accountRegion).certificates.isWell()) accountRegion.availability.failed(error);
    return error;
  }

  return async (accountRegion, read) => within(patienceMs, clock, () => tooLate(accountRegion), read);
}

const notAsked = () =>
  new UpstreamError(
    'UPSTREAM_TIMEOUT',
    'AWS was not asked in time, since this service bounds how many AWS calls it makes.',
  );
