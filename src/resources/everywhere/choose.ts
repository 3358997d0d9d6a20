import type { AccountRegion } from '../../aws/account-region.ts';
import type { InputIssue } from '../../errors/errors.ts';
import { quote } from '../../errors/input-issues.ts';
import { accountIssues, isAccount, listed, regionIssues } from './narrow.ts';

type Maybe<T> = T | null | undefined;

/** Where to put something new. */
export type Choice = { account?: Maybe<string>; region?: Maybe<string> };

/**
 * The account and region that an input names, each of which may be left out where there is only one. If there are issues, there is
 * none.
 */
export function choose(
  all: readonly AccountRegion[],
  { account, region }: Choice,
): { chosen: AccountRegion | undefined; issues: InputIssue[] } {
  const wrong = wrongNames(all, { account, region });
  const isWrong = (name: string) => wrong.some(({ path }) => path.includes(name));
  const fitting = (account == null || isWrong('account') ? all : inAccount(all, account)).filter(
    (one) => region == null || isWrong('region') || one.region === region,
  );
  const [first, ...others] = fitting;
  if (wrong.length === 0 && first && others.length === 0) return { chosen: first, issues: [] };
  const issues = first ? missing(fitting, { account, region }) : [none(all, account, region)];
  return { chosen: undefined, issues: [...wrong, ...issues] };
}

/** The complaints about an account and a region that are not those of another thing in the input. */
export const otherPlaceIssues = (own: AccountRegion, { account, region }: Choice): InputIssue[] => [
  ...(account == null || isAccount(own, account) ? [] : [spanning(own, 'account', account)]),
  ...(region == null || region === own.region ? [] : [spanning(own, 'region', region)]),
];

/** The complaints about an account and a region that are not served. */
export const wrongNames = (all: readonly AccountRegion[], { account, region }: Choice): InputIssue[] => [
  ...(account == null ? [] : accountIssues(all, account, ['input', 'account'])),
  ...(region == null ? [] : regionIssues(all, region, ['input', 'region'])),
];

/** A name goes before 12 digits, in case they are the name of another account. */
function inAccount(all: readonly AccountRegion[], account: string): readonly AccountRegion[] {
  const named = all.filter((one) => one.account === account);
  return named.length > 0 ? named : all.filter((one) => isAccount(one, account));
}

/** The complaints about what is left out although there are several, and about 12 digits that two accounts in the settings have. */
function missing(fitting: AccountRegion[], { account, region }: Choice): InputIssue[] {
  const accounts = fitting.flatMap(({ account }) => account ?? []);
  const regions = fitting.map(({ region }) => region);
  const message = (names: string[]) => `expected ${listed(names)}, since there are several, got nothing`;
  return [
    ...(new Set(accounts).size > 1 && fitting.every((one) => account == null || isAccount(one, account))
      ? [
          {
            path: ['input', 'account'],
            message: account == null ? message(accounts) : sameAccount(accounts, account),
          },
        ]
      : []),
    ...(region == null && new Set(regions).size > 1
      ? [{ path: ['input', 'region'], message: message(regions) }]
      : []),
  ];
}

const sameAccount = (accounts: string[], got: string): string =>
  `expected ${listed(accounts)}, since each of them is this account, got ${quote(got)}`;

function none(all: readonly AccountRegion[], account: Maybe<string>, region: Maybe<string>): InputIssue {
  const regions = all.filter((one) => isAccount(one, account ?? '')).map(({ region }) => region);
  return {
    path: ['input', 'region'],
    message: `expected ${listed(regions)} for the account ${account}, got ${quote(region ?? '')}`,
  };
}

const spanning = ({ name }: AccountRegion, field: string, got: string): InputIssue => ({
  path: ['input', field],
  message: `expected that of the certificate to replace, which is in ${name}, got ${quote(got)}`,
});
