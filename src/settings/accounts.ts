import { readEntries } from '../errors/input-issues.ts';
import { partitionOf } from './partitions.ts';

/** A role of another account, which the service assumes. */
export type Role = { arn: string; accountId: string; partition: string; externalId?: string };

/** An AWS account: a profile of this name in the SDK's files, unless there is a role. */
export type AccountSetting = { name: string; role?: Role };

/** https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
export const isAccountId = (text: string): boolean => /^\d{12}$/.test(text);

/** A slash stands between the names of an account and a region. */
const NAME = /^[\w.@+:-]{1,64}$/;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html; a comma would end the entry. */
const ROLE = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/[\w+=.@/-]{1,512}$/;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html; the same. */
const EXTERNAL_ID = /^external-id=([\w+=.@:/-]{2,1224})$/;

const EXPECTED_ENTRY = 'expected "profile", "name=role-arn" or "name=role-arn external-id=ID"';

/** Reads `profile` and `name=role-arn external-id=ID` entries, separated by commas; `''` has none. Complaints quote no external id. */
export function parseAccounts(text: string): { value: AccountSetting[]; complaints: string[] } {
  const accounts: AccountSetting[] = [];
  const complaints = readEntries(text, (entry) => {
    const { account, wrong } = parseEntry(entry);
    if (wrong.length === 0) wrong.push(...repetitions(account, accounts));
    if (wrong.length === 0) accounts.push(account);
    return wrong;
  });
  if (accounts.length + complaints.length === 0 && text !== '')
    complaints.push('expected an entry, got none');
  return { value: accounts, complaints };
}

function parseEntry(entry: string): { account: AccountSetting; wrong: string[] } {
  const [first = '', ...options] = entry.split(/\s+/);
  const [name = '', ...rest] = first.split('=');
  const arn = rest.join('=');
  const shown = (text: string): string =>
    /external-?id/i.test(first) ? 'something with an external ID' : JSON.stringify(text);
  const wrong: string[] = [];
  if (!NAME.test(name))
    wrong.push(`expected a name of 1 to 64 letters, digits and . _ @ + : -, got ${shown(name)}`);
  if (rest.length === 0) {
    if (options.length > 0) wrong.push(`${EXPECTED_ENTRY}, got ${options.length + 1} words without a role`);
    return { account: { name }, wrong };
  }
  const [, partition = '', accountId = ''] = ROLE.exec(arn) ?? [];
  if (partition === '')
    wrong.push(
      `expected the ARN of a role, such as arn:aws:iam::111111111111:role/certway, got ${shown(arn)}`,
    );
  else if (isAccountId(name) && name !== accountId)
    wrong.push(`expected a name that is not the number of another account, got ${name}`);
  const [, externalId] = EXTERNAL_ID.exec(options[0] ?? '') ?? [];
  if (options.length > (externalId === undefined ? 0 : 1))
    wrong.push(`${EXPECTED_ENTRY}, got something else`);
  return {
    account: { name, role: { arn, accountId, partition, ...(externalId !== undefined && { externalId }) } },
    wrong,
  };
}

/** An account that was read twice would have every certificate twice. */
function repetitions({ name, role }: AccountSetting, others: AccountSetting[]): string[] {
  const same = role && others.find((other) => other.role?.accountId === role.accountId);
  return [
    ...(others.some((other) => other.name === name) ? [`expected no name twice, got ${name} again`] : []),
    ...(same ? [`expected no account twice, got ${role.accountId} in ${same.name} and ${name}`] : []),
  ];
}

/** Whether accounts or several regions are named, so that there is something to tell apart. */
export const areNamed = (accounts: readonly AccountSetting[], regions: readonly string[]): boolean =>
  accounts.length > 0 || regions.length > 1;

/** A profile does not tell its partition, so it gets all regions. */
export const regionsOf = ({ role }: AccountSetting, regions: readonly string[]): string[] =>
  regions.filter((region) => !role || partitionOf(region) === role.partition);

/** What is wrong with regions and accounts that are valid by themselves. */
export function regionComplaints(accounts: readonly AccountSetting[], regions: readonly string[]): string[] {
  const partitions = [...new Set(regions.map(partitionOf))];
  const profiles = accounts.filter(({ role }) => !role);
  const complaints = accounts
    .filter((account) => regions.length > 0 && regionsOf(account, regions).length === 0)
    .map(
      ({ name, role }) =>
        `ACCOUNTS: expected a region of the partition ${role?.partition} in AWS_REGIONS for ${name}, got none`,
    );
  if (partitions.length > 1 && (accounts.length === 0 || profiles.length > 0))
    complaints.push(
      `AWS_REGIONS: expected regions of one partition for ${accounts.length === 0 ? 'one account' : 'profiles'}, ` +
        `got those of ${partitions.join(' and ')}`,
    );
  return complaints;
}
