import { describe, expect, test } from 'vitest';
import { examples, globalIdOf, startService } from '../support/service.ts';
import { denied, failed } from '../support/sharing.ts';

/** In us-east-1 of the account that the SDK is configured for. */
const start = (env = {}) => startService({ emulator: { examples: examples(3) }, env });

const IDS = ['c000', 'c001', 'c002'];

const page = (args = ''): string =>
  `{ clientCertificates${args && `(${args})`} { nodes { clientCertificateId } totalCount } }`;

type Node = { clientCertificateId: string };
const idsOf = ({ nodes }: { nodes: Node[] }): string[] =>
  nodes.map(({ clientCertificateId }) => clientCertificateId);

describe.for([
  ['without settings', {}],
  ['with one region in the settings', { AWS_REGIONS: 'us-east-1' }],
] as const)('%s', ([, env]) => {
  test('there is one account and region, which is not asked to be named', async () => {
    const { query, callsOf } = await start(env);
    const calls = await callsOf(async () => {
      const { data } = await query('{ accountRegions { account accountId region unavailable { code } } }');
      expect(data.accountRegions).toEqual([
        { account: null, accountId: null, region: 'us-east-1', unavailable: null },
      ]);
    });
    expect(calls).toEqual([]);
  });

  test('certificates have a region, and no account', async () => {
    const { query, callsOf } = await start(env);
    const calls = await callsOf(async () => {
      const { data } = await query(
        '{ clientCertificates { nodes { id account accountId region } unavailable { region } } }',
      );
      expect(data.clientCertificates.unavailable).toEqual([]);
      expect(data.clientCertificates.nodes[0]).toEqual({
        id: globalIdOf('c000'),
        account: null,
        accountId: null,
        region: 'us-east-1',
      });
    });
    expect(calls).toEqual(['GetClientCertificates']);
  });

  test('who is unavailable costs no call, even where AWS fails', async () => {
    const { query, callsOf, fail } = await start(env);
    fail(() => failed);
    for (const args of ['', '(first: 0)', '(orderBy: { field: CREATED_DATE, direction: ASC })']) {
      const calls = await callsOf(async () => {
        expect(await query(`{ clientCertificates${args} { unavailable { region } } }`)).toEqual({
          data: { clientCertificates: { unavailable: [] } },
        });
      });
      expect(calls).toEqual([]);
    }
  });

  test('a list that fails is an error, as ever', async () => {
    const { query, fail, log } = await start(env);
    fail(() => denied);
    const { data, errors } = await query('{ clientCertificates { nodes { id } unavailable { region } } }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_DENIED' } }]);
    const { data: known } = await query('{ accountRegions { region unavailable { code message since } } }');
    expect(known.accountRegions).toEqual([
      {
        region: 'us-east-1',
        unavailable: {
          code: 'UPSTREAM_DENIED',
          message: 'AWS refuses the credentials of this service.',
          since: expect.any(String),
        },
      },
    ]);
    expect(log.filter(({ msg }) => `${msg}`.includes('account and region'))).toEqual([]);
  });

  test('a failure is forgotten with the next answer, and delays none', async () => {
    const { query, fail, callsOf } = await start(env);
    fail(() => denied);
    await query(page());
    fail(() => undefined);
    const calls = await callsOf(async () => {
      expect(idsOf((await query(page())).data.clientCertificates)).toEqual(IDS);
    });
    expect(calls).toEqual(['GetClientCertificates']);
    const { data } = await query('{ accountRegions { unavailable { code } } }');
    expect(data.accountRegions).toEqual([{ unavailable: null }]);
  });

  test('a filter may name the region, which changes neither cursors nor calls', async () => {
    const { query, callsOf } = await start(env);
    const edges = (args: string) => query(`{ clientCertificates(first: 2${args}) { edges { cursor } } }`);
    const plain = await edges('');
    expect(await edges(', filter: { regions: ["us-east-1"] }')).toEqual(plain);
    expect(await edges(', filter: { regions: null, accounts: null }')).toEqual(plain);
    const calls = await callsOf(async () => {
      const { data } = await query(page('filter: { regions: ["us-east-1"] }'));
      expect(data.clientCertificates.totalCount).toBe(3);
    });
    expect(calls).toEqual(['GetClientCertificates']);
  });

  test('a filter by what is not served is refused, all at once, without a call', async () => {
    const { query, callsOf } = await start(env);
    const calls = await callsOf(async () => {
      const { data, errors } = await query(
        page('first: -1, filter: { accounts: ["prod"], regions: ["us-east-1", "eu-central-1"] }'),
      );
      expect(data).toBeNull();
      expect(errors?.[0]?.extensions['issues']).toEqual([
        {
          path: ['filter', 'accounts', '0'],
          message: 'expected none, since no accounts are configured, got "prod"',
        },
        { path: ['filter', 'regions', '1'], message: 'expected us-east-1, got "eu-central-1"' },
        { path: ['first'], message: 'expected 0 to 500, got -1' },
      ]);
      const empty = await query(page('filter: { accounts: [], regions: [] }'));
      expect(empty.errors?.[0]?.extensions['issues']).toMatchObject([
        { path: ['filter', 'accounts'] },
        { path: ['filter', 'regions'] },
      ]);
      const stages = await query(
        '{ apiStages(filter: { accounts: ["prod"], regions: ["eu-west-1"] }) { totalCount } }',
      );
      expect(stages.errors?.[0]?.extensions['issues']).toMatchObject([
        { path: ['filter', 'accounts', '0'] },
        { path: ['filter', 'regions', '0'] },
      ]);
    });
    expect(calls).toEqual([]);
  });

  const generate = (input: string): string => `mutation { generateClientCertificate(input: { ${input} }) {
    __typename
    ... on GenerateClientCertificatePayload { clientCertificate { region account } }
    ... on InvalidInputError { issues { path message } }
  } }`;

  test('a new certificate may name the region', async () => {
    const { query, callsOf } = await start(env);
    for (const input of ['', 'region: "us-east-1"', 'region: null, account: null']) {
      const calls = await callsOf(async () => {
        const { data } = await query(generate(input));
        expect(data.generateClientCertificate).toMatchObject({
          __typename: 'GenerateClientCertificatePayload',
          clientCertificate: { region: 'us-east-1', account: null },
        });
      });
      expect(calls).toEqual(['GenerateClientCertificate']);
    }
  });

  test('a new certificate somewhere else is refused, all at once, without a call', async () => {
    const { query, callsOf } = await start(env);
    const calls = await callsOf(async () => {
      const { data } = await query(
        generate('account: "prod", region: "eu-central-1", tags: [{ key: "", value: "" }]'),
      );
      expect(data.generateClientCertificate).toMatchObject({
        __typename: 'InvalidInputError',
        issues: [
          { path: ['input', 'account'] },
          { path: ['input', 'region'], message: 'expected us-east-1, got "eu-central-1"' },
          { path: ['input', 'tags', '0', 'key'] },
        ],
      });
    });
    expect(calls).toEqual([]);
  });

  test('a cursor has no name of an account or region', async () => {
    const { query } = await start(env);
    const { data } = await query('{ clientCertificates(first: 1) { pageInfo { endCursor } } }');
    const text = Buffer.from(data.clientCertificates.pageInfo.endCursor, 'base64url').toString();
    expect(JSON.parse(text)).toHaveLength(6);
  });

  test('/ready and the metrics name no account', async () => {
    const { query, fail, server, metrics } = await start(env);
    fail(() => denied);
    await query(page());
    const response = await server.fetch('http://localhost/ready');
    expect(await response.json()).toEqual({
      ready: true,
      aws: { denied: [{ operation: 'GetClientCertificates', reason: 'not-allowed' }] },
    });
    expect(await metrics.text()).not.toMatch(/account="/);
  });
});
