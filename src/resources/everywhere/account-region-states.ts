import { requiring, type Viewer } from '../../auth/viewer.ts';
import type { AccountRegion } from '../../aws/account-region.ts';
import { addStamp, NEVER_FRESH } from '../../aws/stamps.ts';
import type { AwsUse } from '../../aws/use.ts';
import { type AccountRegionState, stateOf } from './state.ts';

/** The accounts and regions for one operation. Requires the scope `client-certificates:read`. */
export type AccountRegionStates = {
  /** In the configured order, as they are known; AWS is not asked. */
  list(): AccountRegionState[];
};

export const createAccountRegionStates = (
  all: readonly AccountRegion[],
  { viewer, use }: { viewer: Viewer; use: AwsUse },
): AccountRegionStates => ({
  list: requiring(
    viewer,
    'client-certificates:read',
  )(() => {
    addStamp(use.stamps, NEVER_FRESH);
    return all.map((accountRegion) => stateOf(accountRegion));
  }),
});
