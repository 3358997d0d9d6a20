import { setTimeout as sleep } from 'node:timers/promises';

/** Clocks and timers. None of the timers keeps the process running. */
export type Clock = {
  now: () => Date;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Calls `run` once, after this many milliseconds, unless the returned function is called before. */
  later: (run: () => void, ms: number) => () => void;
  /** Calls `run` every this many milliseconds. */
  every: (ms: number, run: () => void) => void;
  /** Resolves after this many milliseconds. May reject once the signal is aborted. */
  wait: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** A signal that is aborted after this many milliseconds. */
  timeout: (ms: number) => AbortSignal;
};

/** The clock of the process. */
export const systemClock: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
  later: (run, ms) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
  every: (ms, run) => {
    setInterval(run, ms).unref();
  },
  wait: (ms, signal) => sleep(ms, undefined, { ref: false, ...(signal && { signal }) }),
  timeout: (ms) => AbortSignal.timeout(ms),
};

/**
 * Resolves as what `run` begins, but rejects with the error of `tooLate` once that took so many milliseconds. If there is no error, it
 * waits on.
 */
export async function within<R>(
  ms: number,
  { later }: Pick<Clock, 'later'>,
  tooLate: () => Error | undefined,
  run: () => R | Promise<R>,
): Promise<R> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = later(() => {
    const error = tooLate();
    if (error) reject(error);
  }, ms);
  try {
    return await Promise.race([run(), promise]);
  } finally {
    cancel();
  }
}

/** Timers for deadlines: what is late runs after the answers that have come already, which a busy process has not read yet. */
export const afterTurn =
  (later: Clock['later']): Clock['later'] =>
  (run, ms) => {
    let isCancelled = false;
    const cancel = later(() => setImmediate(() => isCancelled || run()), ms);
    return () => {
      isCancelled = true;
      cancel();
    };
  };
