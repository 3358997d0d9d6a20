import { expect, test } from 'vitest';
import { ACCOUNT_IDS, roleOf, startEverywhere } from './support.ts';

const { staging = '' } = ACCOUNT_IDS;

/** The account of the service's own credentials, which are those of all profiles here. */
const OF_PROFILES = '123456789012';

const GENERATE = `mutation ($account: String!) {
  generateClientCertificate(input: { account: $account, region: "us-east-1" }) {
    ... on GenerateClientCertificatePayload { clientCertificate { account accountId } }
    ... on InvalidInputError { message }
  }
}`;

test('12 digits that are the name of one account and the number of another are the name', async () => {
  const service = await startEverywhere({
    env: { ACCOUNTS: `${staging},other=${roleOf('staging')}` },
  });
  const { data } = await service.query(GENERATE, { account: staging });
  expect(data.generateClientCertificate).toEqual({
    clientCertificate: { account: staging, accountId: OF_PROFILES },
  });
});

test('a certificate is not generated in an account whose number two profiles have', async () => {
  const service = await startEverywhere({ env: { ACCOUNTS: 'first,second' } });
  const { data } = await service.query(
    '{ clientCertificates(first: 1) { nodes { arn } unavailable { account } } }',
  );
  expect(data.clientCertificates).toEqual({ nodes: [], unavailable: [] });
  const { data: generated } = await service.query(GENERATE, { account: OF_PROFILES });
  expect(generated.generateClientCertificate).toEqual({
    message:
      'input.account: expected first or second, since each of them is this account, got "123456789012"',
  });
});
