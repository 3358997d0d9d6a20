import { setTimeout as sleep } from 'node:timers/promises';

/** What tells the time, and what calls those who wait for some of it to pass. None of it keeps a process running. */
export type Clock = {
  now: () => Date;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Calls `run` once, after so many milliseconds. */
  later: (run: () => void, ms: number) => void;
  /** Calls `run` every so many milliseconds. */
  every: (ms: number, run: () => void) => void;
  /** Resolves after so many milliseconds; it may reject once the signal is aborted. */
  wait: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** A signal that is aborted after so many milliseconds. */
  timeout: (ms: number) => AbortSignal;
};

/** The clock of the process. */
export const systemClock: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
  later: (run, ms) => {
    setTimeout(run, ms).unref();
  },
  every: (ms, run) => {
    setInterval(run, ms).unref();
  },
  wait: (ms, signal) => sleep(ms, undefined, { ref: false, ...(signal && { signal }) }),
  timeout: (ms) => AbortSignal.timeout(ms),
};
