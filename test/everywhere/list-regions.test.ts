import { describe, expect, test } from 'vitest';
import { examples, globalIdOf, startService } from '../support/service.ts';
import { denied } from '../support/sharing.ts';

const HERE = '123456789012';

/** Two regions of the account that the SDK is configured for, which has no name. */
async function start() {
  const calls: string[] = [];
  const service = await startService({
    env: { AWS_REGIONS: 'us-east-1,eu-central-1' },
    emulator: {
      examples: examples(2),
      accountRegions: [
        {
          accountId: HERE,
          region: 'eu-central-1',
          examples: ['e000', 'e001', 'e002'].map((id) => ({
            id,
            createdDate: new Date('2026-11-01T00:00:00Z'),
          })),
        },
      ],
    },
  });
  const failIn = (region?: string) =>
    service.fail((operation, _, accountRegion) => {
      calls.push(`${operation} ${accountRegion.region}`);
      return accountRegion.region === region ? denied : undefined;
    });
  failIn();
  return { ...service, calls, failIn };
}

const LIST = 'GetClientCertificates';

describe('several regions of an account without a name', () => {
  test('are walked in their order, and nobody is asked who it is', async () => {
    const { query, calls } = await start();
    const { data } = await query(`{ clientCertificates {
      nodes { id clientCertificateId account accountId region } pageInfo { endCursor } unavailable { region }
    } }`);
    const { nodes, pageInfo } = data.clientCertificates;
    expect(nodes.map(({ clientCertificateId }: Record<string, string>) => clientCertificateId)).toEqual([
      'c000',
      'c001',
      'e000',
      'e001',
      'e002',
    ]);
    expect(nodes[0]).toMatchObject({
      id: globalIdOf('c000'),
      account: null,
      accountId: null,
      region: 'us-east-1',
    });
    expect(Buffer.from(pageInfo.endCursor, 'base64url').toString()).toContain('"eu-central-1"');
    expect(calls).toEqual([`${LIST} us-east-1`, `${LIST} eu-central-1`]);
  });

  test('a filter chooses among them, and there is no account to choose', async () => {
    const { query, calls } = await start();
    const { data } = await query(
      '{ clientCertificates(filter: { regions: ["eu-central-1"] }) { totalCount nodes { region } } }',
    );
    expect(data.clientCertificates).toMatchObject({ totalCount: 3, nodes: { length: 3 } });
    expect(calls).toEqual([`${LIST} eu-central-1`]);
    const { errors } = await query(
      '{ clientCertificates(filter: { accounts: ["123456789012"] }) { totalCount } }',
    );
    expect(errors?.[0]?.extensions['issues']).toEqual([
      {
        path: ['filter', 'accounts', '0'],
        message: 'expected none, since no accounts are configured, got "123456789012"',
      },
    ]);
    expect(calls).toHaveLength(1);
  });

  test('one that is denied hides no other, and is named by its region', async () => {
    const { query, failIn, server, log } = await start();
    failIn('us-east-1');
    const { data } = await query(
      '{ clientCertificates { nodes { region } unavailable { account accountId region } } }',
    );
    expect(data.clientCertificates).toMatchObject({
      nodes: { length: 3 },
      unavailable: [{ account: null, accountId: null, region: 'us-east-1' }],
    });
    const { errors } = await query('{ clientCertificates { totalCount } }');
    expect(errors?.[0]?.message).toMatch('Not all accounts and regions can be read: us-east-1. ');
    const ready = await server.fetch('http://localhost/ready');
    expect(ready.status).toBe(200);
    expect((await ready.json()).aws.denied).toMatchObject([{ region: 'us-east-1', operation: LIST }]);
    expect(log).toContainEqual(
      expect.objectContaining({ region: 'us-east-1', msg: 'AWS does not answer in this account and region' }),
    );
  });
});
