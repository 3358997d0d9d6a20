import type { AccountRegion } from '../../aws/account-region.ts';
import type { Unavailability } from '../../aws/availability.ts';

/** An account and region, and whether AWS answers there. */
export type AccountRegionState = {
  /** The 12 digits; null if nobody has asked for them yet. */
  accountId: string | null;
  account: string | null;
  region: string;
  unavailable: Unavailability | null;
};

export const stateOf = (
  { accountId, account, region, availability }: AccountRegion,
  unavailable = availability.current(),
): AccountRegionState => ({
  accountId: accountId ?? null,
  account: account ?? null,
  region,
  unavailable: unavailable ?? null,
});
