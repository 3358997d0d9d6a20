import type { AccountRegion } from '../../aws/account-region.ts';
import type { InputIssue } from '../../errors/errors.ts';
import { quote } from '../../errors/input-issues.ts';
import { isAccountId } from '../../settings/accounts.ts';
import { conditionsOf, emptyIssues } from '../filters.ts';

type Maybe<T> = T | null | undefined;

/** Which accounts and regions are asked for. Accounts are named as in the settings, or by their 12 digits. */
export type Narrowing = { accounts?: Maybe<string[]>; regions?: Maybe<string[]> };

/** How many names an error lists. */
const MAX_NAMED = 10;

/** How many complaints there are about each kind of names. */
const MAX_ISSUES = 20;

/**
 * The filter without its nulls, the accounts and regions that it asks for, in the configured order, and its other conditions; undefined if
 * there are none. If there are issues, none of it must be used.
 */
export function narrow<F extends Narrowing>(
  all: readonly AccountRegion[],
  given: Maybe<F>,
): {
  filter: F | undefined;
  chosen: AccountRegion[];
  conditions: Omit<F, keyof Narrowing> | undefined;
  issues: InputIssue[];
} {
  const filter = conditionsOf(given);
  if (!filter) return { filter, chosen: [...all], conditions: undefined, issues: [] };
  const { accounts, regions, ...others }: Narrowing = filter;
  const [accountNames, regionNames] = [new Set<string | undefined>(accounts), new Set(regions)];
  return {
    filter,
    conditions: conditionsOf(others as Omit<F, keyof Narrowing>),
    chosen: all.filter(
      ({ account, accountId, region }) =>
        (accounts == null ||
          (account !== undefined && (accountNames.has(account) || accountNames.has(accountId)))) &&
        (regions == null || regionNames.has(region)),
    ),
    issues: [
      ...emptyIssues('accounts', accounts),
      ...emptyIssues('regions', regions),
      ...issuesOfEach(accounts, accountsOf(all), (name, i) =>
        accountIssues(all, name, ['filter', 'accounts', i]),
      ),
      ...issuesOfEach(regions, regionsOf(all), (name, i) =>
        regionIssues(all, name, ['filter', 'regions', i]),
      ),
    ],
  };
}

/** The complaints about names, of which there may be thousands. */
function issuesOfEach(
  names: Maybe<string[]>,
  served: () => ReadonlySet<string | undefined>,
  issuesOf: (name: string, index: string) => InputIssue[],
): InputIssue[] {
  if (names == null) return [];
  const right = served();
  const issues: InputIssue[] = [];
  for (const [i, name] of names.entries()) {
    if (issues.length === MAX_ISSUES) break;
    if (!right.has(name)) issues.push(...issuesOf(name, String(i)));
  }
  return issues;
}

const accountsOf = (all: readonly AccountRegion[]) => () =>
  new Set(all.flatMap(({ account, accountId }) => (account === undefined ? [] : [account, accountId])));

const regionsOf = (all: readonly AccountRegion[]) => () => new Set(all.map(({ region }) => region));

export const isAccount = ({ account, accountId }: AccountRegion, name: string): boolean =>
  account !== undefined && (account === name || accountId === name);

/** Whether these are 12 digits that no account is known by, or not yet. */
export const areUnknownDigits = (all: readonly AccountRegion[], name: string): boolean =>
  isAccountId(name) && !all.some((one) => isAccount(one, name));

/** The complaint about an account that is not served. */
export function accountIssues(all: readonly AccountRegion[], name: string, path: string[]): InputIssue[] {
  if (all.some((one) => isAccount(one, name))) return [];
  const names = all.flatMap(({ account }) => account ?? []);
  const expected = names.length === 0 ? 'none, since no accounts are configured' : listed(names);
  return [{ path, message: `expected ${expected}, got ${quote(name)}` }];
}

/** The complaint about a region that is not served. */
export function regionIssues(all: readonly AccountRegion[], name: string, path: string[]): InputIssue[] {
  const names = all.map(({ region }) => region);
  return names.includes(name) ? [] : [{ path, message: `expected ${listed(names)}, got ${quote(name)}` }];
}

/** `a, b or c`, each once. */
export function listed(names: string[]): string {
  const unique = [...new Set(names)];
  return unique.length > MAX_NAMED ? `one of ${joined(unique, 'or')}` : joined(unique, 'or');
}

/** `a, b and c`, or `a, b and 7 more`. */
export function joined(names: string[], word: 'and' | 'or'): string {
  if (names.length > MAX_NAMED)
    return `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`;
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
