import { describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { composeApollo, composeTheGuild } from './composers.ts';
import { apollo, type Gateway, hive } from './gateways.ts';
import { ACCOUNT_IDS, arnOf, start, startTwoAccounts } from './service.ts';
import { type ArnInAccount, startInventory, startOwners, startStages } from './subgraphs.ts';

const { prod, staging } = ACCOUNT_IDS;

const BACKENDS = '{ backends { name clientCertificate { id account status } } }';

const globalIdOf = (accountId: string, clientCertificateId: string) =>
  encodeGlobalId('ClientCertificate', `${accountId}:${arnOf(clientCertificateId)}`);

const backend = (name: string, clientCertificateId: string, accountId: string | null) => ({
  name,
  clientCertificate: { arn: arnOf(clientCertificateId), accountId },
});

type Others = {
  backends?: { name: string; clientCertificate: ArnInAccount }[];
  stages?: string[];
  teams?: Record<string, string[]>;
};

describe.each<[name: string, gateway: Gateway, compose: typeof composeApollo]>([
  ['Hive Gateway, composed by The Guild', hive, composeTheGuild],
  ['Hive Gateway, composed by Apollo', hive, composeApollo],
  ['Apollo Gateway, composed by Apollo', apollo, composeApollo],
  ['Apollo Gateway, composed by The Guild', apollo, composeTheGuild],
])('%s', (_, gateway, compose) => {
  async function startGraph(service: typeof start, { backends = [], stages = [], teams = {} }: Others) {
    const running = await service();
    const subgraphs = [
      running.subgraph(),
      await startInventory(backends),
      await startStages(stages.map((id) => ({ name: `of ${id}`, clientCertificateId: id }))),
      await startOwners(teams),
    ];
    return { ...running, ask: await gateway(compose(subgraphs).supergraph) };
  }

  test('an ARN with its account is the one of that account, with one operation', async () => {
    const { ask, operations } = await startGraph(startTwoAccounts, {
      backends: [
        backend('a', 'both', staging),
        backend('b', 'both', prod),
        backend('c', 'prod', prod),
        backend('d', 'prod', staging),
        backend('e', 'staging', null),
      ],
    });
    const { data, errors = [] } = await ask(BACKENDS);
    expect(data.backends).toEqual([
      {
        name: 'a',
        clientCertificate: { id: globalIdOf(staging, 'both'), account: 'staging', status: 'VALID' },
      },
      { name: 'b', clientCertificate: { id: globalIdOf(prod, 'both'), account: 'prod', status: 'VALID' } },
      { name: 'c', clientCertificate: { id: globalIdOf(prod, 'prod'), account: 'prod', status: 'VALID' } },
      { name: 'd', clientCertificate: null },
      {
        name: 'e',
        clientCertificate: { id: globalIdOf(staging, 'staging'), account: 'staging', status: 'VALID' },
      },
    ]);
    // Hive Gateway reports the missing fields of the one that does not exist.
    for (const { path } of errors) expect(path?.slice(0, 2)).toEqual(['backends', 3]);
    expect(operations()).toHaveLength(1);
  });

  test('an ARN that two accounts have, and one of an account that is not served, are errors of their own', async () => {
    const { ask } = await startGraph(startTwoAccounts, {
      backends: [
        backend('a', 'both', null),
        backend('b', 'both', prod),
        backend('c', 'both', '999999999999'),
      ],
    });
    const { data, errors = [] } = await ask(BACKENDS);
    expect(data.backends.map(certificateOf)).toEqual([
      null,
      { id: globalIdOf(prod, 'both'), account: 'prod', status: 'VALID' },
      null,
    ]);
    expect(errors.toSorted((a, b) => Number(a.path?.[1]) - Number(b.path?.[1]))).toMatchObject([
      {
        message:
          'representations.0.arn: expected a global id, since prod/us-east-1 and staging/us-east-1 each have "arn:aws:apigateway:us-east-1::/clientcer…"',
        extensions: { code: 'BAD_USER_INPUT' },
      },
      {
        message:
          'representations.2.arn: expected a client certificate of an account that is served, got one of the account 999999999999',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test("AWS's id finds it wherever it is, and one that two accounts have is an error of its own", async () => {
    const { ask } = await startGraph(startTwoAccounts, { stages: ['staging', 'both', 'prod'] });
    const { data, errors = [] } = await ask('{ stages { clientCertificate { id account } } }');
    expect(data.stages.map(certificateOf)).toEqual([
      { id: globalIdOf(staging, 'staging'), account: 'staging' },
      null,
      { id: globalIdOf(prod, 'prod'), account: 'prod' },
    ]);
    expect(errors).toMatchObject([
      {
        message:
          'representations.1.clientCertificateId: expected a global id, since prod/us-east-1 and staging/us-east-1 each have "both"',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(errors[0]?.path?.slice(0, 3)).toEqual(['stages', 1, 'clientCertificate']);
  });

  test('another subgraph finds what it knows of the certificates of each account', async () => {
    const { ask } = await startGraph(startTwoAccounts, {
      teams: { payments: [globalIdOf(staging, 'both'), globalIdOf(prod, 'both')] },
    });
    expect(await ask('{ clientCertificates { nodes { account costCentre owner { name } } } }')).toEqual({
      data: {
        clientCertificates: {
          nodes: [
            { account: 'prod', costCentre: `${prod} both`, owner: { name: 'payments' } },
            { account: 'prod', costCentre: `${prod} prod`, owner: null },
            { account: 'staging', costCentre: `${staging} both`, owner: { name: 'payments' } },
            { account: 'staging', costCentre: `${staging} staging`, owner: null },
          ],
        },
      },
    });
  });

  test('without accounts in the settings the account is null, both ways', async () => {
    const { ask } = await startGraph(start, { backends: [backend('a', 'c001', null)] });
    expect(
      await ask(
        '{ backends { clientCertificate { clientCertificateId accountId } } clientCertificates(first: 1) { nodes { costCentre } } }',
      ),
    ).toEqual({
      data: {
        backends: [{ clientCertificate: { clientCertificateId: 'c001', accountId: null } }],
        clientCertificates: { nodes: [{ costCentre: 'none c000' }] },
      },
    });
  });
});

const certificateOf = ({ clientCertificate }: { clientCertificate: unknown }) => clientCertificate;
