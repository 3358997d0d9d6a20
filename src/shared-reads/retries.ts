import type { Clock } from '../time/clock.ts';
import type { Question } from './question.ts';

export type RetriesOptions = {
  /** Whether AWS has to be asked again. */
  isNeeded: (question: Question) => boolean;
  /** Asks AWS. */
  refresh: (question: Question) => Promise<unknown>;
  pauseMs: number;
  later: Clock['later'];
};

/** Retries one question in the background while it is needed, so that fresh answers are known before anyone asks. */
export function createRetries({
  isNeeded,
  refresh,
  pauseMs,
  later,
}: RetriesOptions): (question: Question) => void {
  let isRetrying = false;

  function retry(question: Question): void {
    isRetrying = isNeeded(question);
    if (!isRetrying) return;
    void refresh(question);
    later(() => retry(question), pauseMs);
  }

  return (question) => {
    if (!isRetrying) retry(question);
  };
}
