import { within } from '../time/clock.ts';

/** Gives an answer that many need. `forceRefresh` means that the last one was no good. */
export type SharedAnswer<T> = (options?: { forceRefresh?: boolean }) => Promise<T>;

export type SharedAnswerOptions<T> = {
  /** Asked by one for all who wait. */
  ask: () => Promise<T>;
  /** Whether an answer may still be used. */
  isGood: (answer: T) => boolean;
  /** Whether it is time for another one, although it may still be used. */
  isDue: (answer: T) => boolean;
  /** What is thrown to who has waited for `timeoutMs`. */
  tooLate: () => Error;
  timeoutMs: number;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Calls `run` after so many milliseconds, unless the returned function is called before. */
  later: (run: () => void, ms: number) => () => void;
};

/** A failure is the answer for this long, however many ask. */
const PAUSE_MS = 5000;

/** An answer is kept for this long, even if it seems to be no good: clocks may differ, and AWS may be wrong, too. */
const AGAIN_MS = 30_000;

/** Asks when the answer is needed first, and again when it is due; who can use the old one until then does not wait. */
export function createSharedAnswer<T>(options: SharedAnswerOptions<T>): SharedAnswer<T> {
  const { ask, isGood, isDue, tooLate, timeoutMs, elapsedMs, later } = options;
  let known: { answer: T; atMs: number } | undefined;
  let failure: { error: unknown; atMs: number } | undefined;
  let asking: Promise<T> | undefined;

  const isYounger = (than: { atMs: number } | undefined, ms: number): boolean =>
    than !== undefined && elapsedMs() - than.atMs < ms;

  function fail(error: unknown): never {
    failure = { error, atMs: elapsedMs() };
    throw error;
  }

  async function askNow(): Promise<T> {
    try {
      const answer = await ask();
      known = { answer, atMs: elapsedMs() };
      failure = undefined;
      return answer;
    } catch (error) {
      return fail(error);
    } finally {
      asking = undefined;
    }
  }

  /** Whoever has waited for too long leaves; the answer counts when it comes. */
  async function wait(): Promise<T> {
    if (failure && isYounger(failure, PAUSE_MS)) throw failure.error;
    asking ??= askNow();
    const answer = asking;
    return within(timeoutMs, { later }, tooLate, () => answer).catch(fail);
  }

  return async ({ forceRefresh = false } = {}) => {
    if (!known) return wait();
    const { answer } = known;
    if (isYounger(known, AGAIN_MS)) return answer;
    if (!isGood(answer) || forceRefresh) return wait();
    if (isDue(answer)) wait().catch(() => undefined); // until then, the old one will do
    return answer;
  };
}
