import type { AccountRegion } from '../aws/account-region.ts';

/** Where something is. */
export type Place = Pick<AccountRegion, 'accountId' | 'account' | 'region'>;

/** The same as clients see it. */
export type ShownPlace = {
  /** The 12 digits; null if AWS was not asked for them. */
  accountId: string | null;
  /** As in the settings; null if there is none. */
  account: string | null;
  region: string;
};

export const shownPlace = ({ accountId, account, region }: Place): ShownPlace => ({
  accountId: accountId ?? null,
  account: account ?? null,
  region,
});
