import type { AccountRegion } from '../../aws/account-region.ts';
import type { InputIssue } from '../../errors.ts';
import { quote } from '../../input-issues.ts';
import { accountIssues, isAccount, listed, regionIssues } from './narrow.ts';

type Maybe<T> = T | null | undefined;

/** Where to put something new. */
export type Choice = { account?: Maybe<string>; region?: Maybe<string> };

/**
 * The account and region that an input names, each of which may be left out where there is only one. `own` is that of another thing
 * in the input, which it has to be. If there are issues, there is none.
 */
export function choose(
  all: readonly AccountRegion[],
  { account, region }: Choice,
  own?: AccountRegion,
): { chosen: AccountRegion | undefined; issues: InputIssue[] } {
  const issues = [
    ...(account == null ? [] : accountIssues(all, account, ['input', 'account'])),
    ...(region == null ? [] : regionIssues(all, region, ['input', 'region'])),
  ];
  if (issues.length > 0) return { chosen: undefined, issues };
  const fitting = all.filter(
    (one) => (account == null || isAccount(one, account)) && (region == null || one.region === region),
  );
  const [first, ...others] = own ? fitting.filter((one) => one === own) : fitting;
  if (first && others.length === 0) return { chosen: first, issues: [] };
  if (own) return { chosen: undefined, issues: [spanning(own, account ?? region ?? '', account != null)] };
  return {
    chosen: undefined,
    issues: first ? missing([first, ...others], { account, region }) : [none(all, account, region)],
  };
}

/** The complaints about what is left out although there are several. */
function missing(fitting: AccountRegion[], { account, region }: Choice): InputIssue[] {
  const accounts = fitting.flatMap(({ account }) => account ?? []);
  const regions = fitting.map(({ region }) => region);
  const message = (names: string[]) => `expected ${listed(names)}, since there are several, got nothing`;
  return [
    ...(account == null && new Set(accounts).size > 1
      ? [{ path: ['input', 'account'], message: message(accounts) }]
      : []),
    ...(region == null && new Set(regions).size > 1
      ? [{ path: ['input', 'region'], message: message(regions) }]
      : []),
  ];
}

function none(all: readonly AccountRegion[], account: Maybe<string>, region: Maybe<string>): InputIssue {
  const regions = all.filter((one) => isAccount(one, account ?? '')).map(({ region }) => region);
  return {
    path: ['input', 'region'],
    message: `expected ${listed(regions)} for the account ${account}, got ${quote(region ?? '')}`,
  };
}

const spanning = ({ name }: AccountRegion, got: string, isAccount: boolean): InputIssue => ({
  path: ['input', isAccount ? 'account' : 'region'],
  message: `expected that of the certificate to replace, which is in ${name}, got ${quote(got)}`,
});
