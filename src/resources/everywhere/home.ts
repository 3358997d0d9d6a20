import type { AccountRegion } from '../../aws/account-region.ts';

/** The account and region that something was read in. */
export type Home = (thing: { account: string | null; region: string }) => AccountRegion;

export function createHome(all: readonly AccountRegion[]): Home {
  const keyOf = (account: string | null | undefined, region: string) => `${account ?? ''}/${region}`;
  const homes = new Map(all.map((one) => [keyOf(one.account, one.region), one]));
  return ({ account, region }) => {
    const home = homes.get(keyOf(account, region));
    if (!home) throw new Error(`no account ${account} in the region ${region}`);
    return home;
  };
}
