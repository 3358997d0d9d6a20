import type { AccountRegion } from '../../aws/account-region.ts';
import type { Address } from './address.ts';
import { listed } from './narrow.ts';

/** Where a thing can be, or why that is nowhere. */
export type Candidates = { candidates: AccountRegion[] } | { expected: string };

/**
 * The accounts and regions that an address fits. Accounts that are not known by their 12 digits yet are asked for them if no other
 * one has those of the address. Rejects if one that may have them cannot be asked.
 */
export async function candidatesOf(
  all: readonly AccountRegion[],
  { accountId, region }: Address,
  noun: string,
): Promise<Candidates> {
  const inRegion = all.filter((one) => region === undefined || one.region === region);
  if (inRegion.length === 0) {
    const regions = listed(all.map(({ region }) => region));
    return { expected: `expected ${noun} of the region ${regions}, got one of another region, ${region}` };
  }
  if (accountId === undefined) return { candidates: inRegion };
  const isOfAccount = (one: AccountRegion) => one.accountId === accountId;
  if (!inRegion.some(isOfAccount)) {
    const unknown = inRegion.filter((one) => one.account !== undefined && one.accountId === undefined);
    const asked = await Promise.allSettled(unknown.map((one) => one.identify()));
    const failed = asked.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected' && !inRegion.some(isOfAccount)) throw failed.reason;
  }
  const candidates = inRegion.filter(isOfAccount);
  if (candidates.length > 0) return { candidates };
  return { expected: `expected ${noun} of an account that is served, got one of the account ${accountId}` };
}
