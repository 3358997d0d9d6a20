import type { AccountRegion } from '../../aws/account-region.ts';
import type { Unavailability } from '../../aws/availability.ts';
import { type ShownPlace, shownPlace } from '../place.ts';

/** An account and region, and whether AWS answers there. */
export type AccountRegionState = ShownPlace & {
  unavailable: Unavailability | null;
};

export const stateOf = (
  accountRegion: AccountRegion,
  unavailable = accountRegion.availability.current(),
): AccountRegionState => ({
  ...shownPlace(accountRegion),
  unavailable: unavailable ?? null,
});
