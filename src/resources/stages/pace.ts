/** Says when the next call in the background may be made. Times are milliseconds of one clock that is never set back. */
export type Pace = {
  /** How long to wait from now on; 0 if a call may be made. */
  waitMs(nowMs: number): number;
  /** A call is being sent. */
  sent(nowMs: number): void;
  /** AWS throttles this process, or does not work properly. */
  slowDown(nowMs: number): void;
  /** AWS has answered a call properly. */
  wentWell(nowMs: number): void;
};

/** The pause after a throttle. It is doubled by a throttle that comes after it, and halved by a call that went well. */
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 60_000;

/** Calls come one after the other, never more than `perSecond` of them, and none in a pause. */
export function createPace(perSecond: number): Pace {
  const everyMs = 1000 / perSecond;
  let nextAtMs = Number.NEGATIVE_INFINITY;
  let pauseMs = 0;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  return {
    waitMs: (nowMs) => Math.max(0, nextAtMs - nowMs, pausedUntilMs - nowMs),
    sent: (nowMs) => {
      nextAtMs = nowMs + everyMs;
    },
    slowDown: (nowMs) => {
      if (nowMs >= pausedUntilMs) pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, 2 * pauseMs), MAX_PAUSE_MS);
      pausedUntilMs = nowMs + pauseMs; // throttles of the same moment are one
    },
    wentWell: (nowMs) => {
      if (nowMs >= pausedUntilMs) pauseMs = pauseMs < 2 * FIRST_PAUSE_MS ? 0 : pauseMs / 2;
    },
  };
}
