import type { AccountRegion } from '../../aws/account-region.ts';
import type { InputIssue } from '../../errors/errors.ts';
import { expectedIn } from '../arn.ts';
import type { Address } from './address.ts';
import { identifyAccount } from './identify-account.ts';
import { joined, listed } from './narrow.ts';
import type { OperationEverywhere } from './operation.ts';

/** Where a thing can be, or why that is nowhere. */
export type Candidates = { candidates: readonly AccountRegion[] } | { expected: string };

/** The accounts and regions that an address fits. Rejects if one that may have the account cannot be asked for its digits. */
export async function candidatesOf(
  operation: Pick<OperationEverywhere, 'all' | 'inRegion' | 'ask' | 'inParallel'>,
  { accountId, region }: Address,
  noun: string,
): Promise<Candidates> {
  const { all } = operation;
  const inRegion = region === undefined ? all : operation.inRegion(region);
  if (inRegion.length === 0) return { expected: otherRegion(all, region, noun) };
  if (accountId === undefined) return { candidates: inRegion };
  await identifyAccount(operation, inRegion, accountId);
  const candidate = inRegion.find((one) => one.accountId === accountId); // two profiles may be of the same account
  if (candidate) return { candidates: [candidate] };
  return { expected: `expected ${noun} of an account that is served, got one of the account ${accountId}` };
}

/** The complaint about an address that leads nowhere here, whatever AWS says. */
export function addressIssues(
  all: readonly AccountRegion[],
  { region }: Address,
  noun: string,
  path: string[],
): InputIssue[] {
  const isServed = region === undefined || all.some((one) => one.region === region);
  return isServed ? [] : [{ path, message: otherRegion(all, region, noun) }];
}

/** The complaint about an id, shown like this, that several things have; undefined if it is no more than one. */
export function ambiguity(found: { accountRegion: AccountRegion }[], id: string): string | undefined {
  if (found.length < 2) return undefined;
  const places = found.map(({ accountRegion }) => accountRegion.name);
  return `expected a global id, since ${joined(places, 'and')} each have ${id}`;
}

function otherRegion(all: readonly AccountRegion[], region: string | undefined, noun: string): string {
  return expectedIn(noun, listed(all.map(({ region }) => region)), `${region}`);
}
