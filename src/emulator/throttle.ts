/**
 * A token bucket of `burst` requests, refilled with `requestsPerSecond`; 0 per second means no
 * limit. Returns whether one more request may pass at `nowMs`.
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

/** Limits of single operations, in addition to the account's. */
const OPERATION_LIMITS = new Map([
  ['CreateDeployment', { requests: 1, seconds: 5 }],
  ['GetResources', { requests: 5, seconds: 2 }],
]);

/** Whether one more request for an operation may pass at `nowMs`. */
export type MayPass = (operation: string | undefined, nowMs: number) => boolean;

/**
 * The throttle of an account in a region, which API Gateway and API Gateway V2 share, and those of
 * single operations (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
 * Without a limit for the account, operations have none.
 */
export function createThrottles(requestsPerSecond: number, burst: number): MayPass {
  const ofAccount = createThrottle(requestsPerSecond, burst);
  if (requestsPerSecond === 0) return () => true;
  const ofOperations = new Map(
    Array.from(OPERATION_LIMITS, ([operation, { requests, seconds }]) => [
      operation,
      createThrottle(requests / seconds, requests),
    ]),
  );
  return (operation, nowMs) => ofAccount(nowMs) && (ofOperations.get(operation ?? '')?.(nowMs) ?? true);
}
