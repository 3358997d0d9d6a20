import { expect, test } from 'vitest';
import { parseAccounts } from '../../src/settings/accounts.ts';
import { roleOf } from './support.ts';

const ROLE = roleOf('prod');

test.each([
  ['behind a comma', `prod=${ROLE},external-id=SECRET`],
  ['behind a semicolon', `prod=${ROLE};external-id=SECRET`],
  ['behind the name', `prod:external-id=SECRET=${ROLE}`],
  ['alone', 'external-id=SECRET'],
  ['in a name', 'prod;external-id,external-id=SECRET'],
  ['written in another way', `prod=${ROLE},ExternalId=SECRET`],
])('no complaint quotes an external ID %s', (_, text) => {
  const { complaints } = parseAccounts(text);
  expect(complaints).not.toEqual([]);
  expect(complaints.join('\n')).not.toContain('SECRET');
});

test('the name of an account with a role is not the number of another one', () => {
  expect(parseAccounts(`222222222222=${ROLE}`).complaints).toEqual([
    'entry 1: expected a name that is not the number of another account, got 222222222222',
  ]);
  expect(parseAccounts(`111111111111=${ROLE}`).complaints).toEqual([]);
});
