import { expect, test } from 'vitest';
import { parseConfig } from '../../src/settings/config.ts';
import { complaints } from './config-support.ts';

const ROLE = 'arn:aws:iam::111111111111:role/certway';

test('an account is a profile, or a role with an external id if it wants one', () => {
  const { ACCOUNTS } = parseConfig({
    ACCOUNTS: `dev, prod=${ROLE} external-id=a1=b2 ,stage=arn:aws:iam::222222222222:role/team/certway`,
  });
  expect(ACCOUNTS).toEqual([
    { name: 'dev' },
    {
      name: 'prod',
      role: { arn: ROLE, accountId: '111111111111', partition: 'aws', externalId: 'a1=b2' },
    },
    {
      name: 'stage',
      role: {
        arn: 'arn:aws:iam::222222222222:role/team/certway',
        accountId: '222222222222',
        partition: 'aws',
      },
    },
  ]);
});

test('all complaints about accounts come at once, each with the number of its entry, and none quotes an external id', () => {
  const text = complaints({
    ACCOUNTS: [
      'a/b',
      'dev external-id=secret1',
      'one=arn:aws:iam::1:role/x',
      `two=${ROLE} externalid=secret2`,
      `three=${ROLE} external-id=secret3`,
      `four=${ROLE}`,
      'three',
    ].join(),
  }).join('\n');
  expect(text.replaceAll(/^ACCOUNTS: /gm, '').split('\n')).toEqual([
    'entry 1: expected a name of 1 to 64 letters, digits and . _ @ + : -, got "a/b"',
    'entry 2: expected "profile", "name=role-arn" or "name=role-arn external-id=ID", got 2 words without a role',
    'entry 3: expected the ARN of a role, such as arn:aws:iam::111111111111:role/certway, got "arn:aws:iam::1:role/x"',
    'entry 4: expected "profile", "name=role-arn" or "name=role-arn external-id=ID", got something else',
    'entry 6: expected no account twice, got 111111111111 in three and four',
    'entry 7: expected no name twice, got three again',
  ]);
  expect(text).not.toContain('secret');
});

test.each([',', ' ', ' , ,'])('commas and blanks alone are no accounts: %j', (ACCOUNTS) => {
  expect(complaints({ ACCOUNTS })).toEqual(['ACCOUNTS: expected an entry, got none']);
});

test('one account has regions of one partition', () => {
  expect(complaints({ AWS_REGIONS: 'eu-central-1,cn-north-1' })).toEqual([
    'AWS_REGIONS: expected regions of one partition for one account, got those of aws and aws-cn',
  ]);
  expect(complaints({ AWS_REGIONS: 'eu-central-1,cn-north-1', ACCOUNTS: `dev,prod=${ROLE}` })).toEqual([
    'AWS_REGIONS: expected regions of one partition for profiles, got those of aws and aws-cn',
  ]);
  expect(complaints({ AWS_REGIONS: 'cn-north-1', ACCOUNTS: `prod=${ROLE}` })).toEqual([
    'ACCOUNTS: expected a region of the partition aws in AWS_REGIONS for prod, got none',
  ]);
});

test('complaints about regions, accounts and other settings come together', () => {
  expect(complaints({ AWS_REGIONS: 'cn-north-1', ACCOUNTS: `prod=${ROLE}`, AUTH: 'api-key' })).toHaveLength(
    2,
  );
});
