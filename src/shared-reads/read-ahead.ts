import type { Stamp } from '../aws/stamps.ts';
import type { Memory } from './memory.ts';
import type { Question } from './question.ts';

/** From which part of the TTL on an answer that is used is asked for again. So AWS is asked once more for every nine times. */
const AHEAD = 0.9;

export type ReadAheadOptions = {
  ttlMs: number;
  memory: Pick<Memory<unknown>, 'ageMsOf' | 'isOfThisEpoch' | 'questionOf'>;
  /** Whether AWS should be asked that again. */
  isWorth: (question: Question) => boolean;
  /** Asks AWS, and resolves at the end of that. */
  ask: (question: Question) => Promise<unknown>;
};

/**
 * Asks AWS again, once, shortly before an answer that is still used is too old. Otherwise, while many clients ask for it, all of them
 * would wait for AWS once per TTL. To be called with the stamp of each answer that is used.
 */
export function createReadAhead({ ttlMs, memory, isWorth, ask }: ReadAheadOptions): (stamp: Stamp) => void {
  const renewed = new WeakSet<Stamp>();
  return (stamp) => {
    const ageMs = memory.ageMsOf(stamp);
    if (ageMs < AHEAD * ttlMs || ageMs >= ttlMs || !memory.isOfThisEpoch(stamp)) return;
    const question = renewed.has(stamp) ? undefined : memory.questionOf(stamp);
    if (!question || !isWorth(question)) return;
    renewed.add(stamp);
    void ask(question);
  };
}
