import type { Clock } from '../time/clock.ts';

/** The end of an operation: its client leaves, or its time is over. */
export type OperationEnd = {
  /** How many milliseconds of its time are left, even if nobody waits for the answer any more. */
  timeLeftMs(): number;
  /** For how many milliseconds somebody will wait for the answer; 0 once the client has left. */
  leftMs(): number;
  /** Calls `run`, asynchronously, once the operation is over. Call the returned function to cancel that. */
  whenOver(run: () => void): () => void;
};

export type OperationEndOptions = {
  /** Its signal is aborted when the client has left. */
  gone: () => AbortSignal;
  /** How long the operation may take, from now on. */
  timeoutMs: number;
  clock: Pick<Clock, 'elapsedMs' | 'later'>;
};

export function createOperationEnd({ gone, timeoutMs, clock }: OperationEndOptions): OperationEnd {
  const deadlineAtMs = clock.elapsedMs() + timeoutMs;
  const timeLeftMs = () => Math.max(deadlineAtMs - clock.elapsedMs(), 0);
  return {
    timeLeftMs,
    leftMs: () => (gone().aborted ? 0 : timeLeftMs()),
    whenOver: (run) => {
      const signal = gone();
      const takeBack = () => {
        cancel();
        signal.removeEventListener('abort', over);
      };
      const over = () => {
        takeBack();
        run();
      };
      const cancel = clock.later(over, timeLeftMs());
      signal.addEventListener('abort', over);
      if (signal.aborted) queueMicrotask(over);
      return takeBack;
    },
  };
}
