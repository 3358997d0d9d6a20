/**
 * A token bucket: `burst` requests at once, refilled with `requestsPerSecond`; 0 a second means no limit. Answers
 * whether one more request may pass at `nowMs`.
 */
export function createThrottle(requestsPerSecond: number, burst: number): (nowMs: number) => boolean {
  let tokens = burst;
  let filledAtMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    if (requestsPerSecond === 0) return true;
    const refill = (Math.max(0, nowMs - filledAtMs) / 1000) * requestsPerSecond;
    tokens = Math.min(burst, tokens + refill);
    filledAtMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
