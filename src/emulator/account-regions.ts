import type { AccountRegion } from './account-region.ts';
import { type AccountRegionName, DEFAULT, fromNamespace, toNamespace } from './account-region-name.ts';
import type { Stores } from './store/store.ts';
import { createThrottles, type MayPass } from './throttle.ts';

export type AccountRegions = {
  of(name: AccountRegionName): AccountRegion;
  /**
   * The one that has this stage of a REST API. If several have it, it is the default one, or else
   * the one whose name comes first.
   */
  withStage(apiId: string, stageName: string): AccountRegion | undefined;
  /** Whether one more request may pass the throttles of an account and region at `nowMs`. */
  mayPass(name: AccountRegionName, operation: string | undefined, nowMs: number): boolean;
};

/**
 * The most throttles that are kept. Anyone can name accounts and regions, so that the least
 * recently used is forgotten, which has refilled if it was not used for a few seconds.
 */
const MAX_THROTTLES = 5000;

/** All accounts and regions. They exist as soon as they are named. */
export function createAccountRegions(
  stores: Stores,
  throttle: { requestsPerSecond: number; burst: number },
  rest: Omit<AccountRegion, keyof AccountRegionName | 'store'>,
): AccountRegions {
  const throttles = new Map<string, MayPass>();

  function throttlesOf(namespace: string): MayPass {
    const found = throttles.get(namespace) ?? createThrottles(throttle.requestsPerSecond, throttle.burst);
    throttles.delete(namespace); // the most recently used one is last
    throttles.set(namespace, found);
    const [oldest = ''] = throttles.keys();
    if (throttles.size > MAX_THROTTLES) throttles.delete(oldest);
    return found;
  }

  const of = (name: AccountRegionName): AccountRegion => ({
    ...rest,
    ...name,
    store: stores.of(toNamespace(name)),
  });

  return {
    of,
    withStage: (apiId, stageName) => {
      const all = stores.namespacesWithStage(apiId, stageName);
      const [namespace] = all.includes(toNamespace(DEFAULT)) ? [toNamespace(DEFAULT)] : all;
      return namespace === undefined ? undefined : of(fromNamespace(namespace));
    },
    mayPass: (name, operation, nowMs) => throttlesOf(toNamespace(name))(operation, nowMs),
  };
}
