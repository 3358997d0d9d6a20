import { describe, expect, test } from 'vitest';
import { chosen } from '../../src/emulator/errors.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { globalIdOf } from '../support/service.ts';
import { composeApollo, composeTheGuild } from './composers.ts';
import { apollo, type Gateway, hive } from './gateways.ts';
import { start } from './service.ts';
import { startOwners, startStages } from './subgraphs.ts';

const API_KEYS = [
  apiKeyEntry('reader', 'reader', 'client-certificates:read'),
  apiKeyEntry('writer', 'writer', 'client-certificates:write'),
].join(',');

const [READER, WRITER] = ['Bearer reader', 'Bearer writer'];

/** The AWS ids of stages, and the global ids of teams. */
type Others = { stages?: (string | null)[]; teams?: Record<string, string[]> };

const STAGES = `{ stages { name clientCertificate { id status } } }`;

describe.each<[name: string, gateway: Gateway, compose: typeof composeApollo]>([
  ['Hive Gateway, composed by The Guild', hive, composeTheGuild],
  ['Hive Gateway, composed by Apollo', hive, composeApollo],
  ['Apollo Gateway, composed by Apollo', apollo, composeApollo],
  ['Apollo Gateway, composed by The Guild', apollo, composeTheGuild],
])('%s', (_, gateway, compose) => {
  /** As in production: nobody gets the schema by introspection; the gateway has `schema.graphql`. */
  async function startGraph({ stages = [], teams = {} }: Others) {
    const service = await start({ AUTH: 'api-key', API_KEYS, NODE_ENV: 'production' });
    const subgraphs = [
      service.subgraph(),
      await startStages(
        stages.map((clientCertificateId, i) => ({ name: `stage-${i}`, clientCertificateId })),
      ),
      await startOwners(teams),
    ];
    return { ...service, ask: await gateway(compose(subgraphs).supergraph) };
  }

  test('30 stages get their certificates by AWS id, with one operation and one call', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => `c0${39 - i}`);
    const { ask, calls, operations } = await startGraph({ stages: ids });
    expect(await ask(STAGES, READER)).toEqual({
      data: {
        stages: ids.map((id, i) => ({
          name: `stage-${i}`,
          clientCertificate: { id: globalIdOf(id), status: 'VALID' },
        })),
      },
    });
    expect(operations()).toMatchObject([{ viewer: 'reader' }]);
    expect(calls.length).toBeLessThanOrEqual(1);
  });

  test('a team gets its certificates by global id, and a certificate its team', async () => {
    const { ask, operations } = await startGraph({ teams: { payments: ['c003', 'c001'].map(globalIdOf) } });
    const ofTeam = '{ team(name: "payments") { clientCertificates { clientCertificateId } } }';
    expect(await ask(ofTeam, READER)).toEqual({
      data: {
        team: { clientCertificates: [{ clientCertificateId: 'c003' }, { clientCertificateId: 'c001' }] },
      },
    });
    const ofPage = '{ clientCertificates(first: 1) { nodes { owner { name } } totalCount } }';
    expect(await ask(ofPage, READER)).toEqual({
      data: { clientCertificates: { nodes: [{ owner: null }], totalCount: 40 } },
    });
    expect(operations()).toHaveLength(2);
  });

  test('one query uses both keys: from a stage to its certificate to the team', async () => {
    const { ask } = await startGraph({ stages: ['c001', 'c002'], teams: { payments: [globalIdOf('c001')] } });
    const { data, errors } = await ask('{ stages { clientCertificate { owner { name } } } }', READER);
    expect(errors).toBeUndefined();
    expect(data.stages).toEqual([
      { clientCertificate: { owner: { name: 'payments' } } },
      { clientCertificate: { owner: null } },
    ]);
  });

  test('a stage without a certificate, or with a deleted one, is still returned', async () => {
    const { ask } = await startGraph({ stages: ['c001', null, 'gone'] });
    const { data, errors = [] } = await ask(STAGES, READER);
    expect(data.stages.map(certificateOf)).toEqual([{ id: globalIdOf('c001'), status: 'VALID' }, null, null]);
    // Hive Gateway reports the missing fields of the deleted one.
    for (const { path } of errors) expect(path?.slice(0, 2)).toEqual(['stages', 2]);
  });

  test('a malformed id of one stage is an error of that stage only, with a code', async () => {
    const { ask } = await startGraph({ stages: ['c001', 'NO ID', 'c002'] });
    const { data, errors = [] } = await ask(STAGES, READER);
    expect(data.stages.map(certificateOf)).toEqual([
      { id: globalIdOf('c001'), status: 'VALID' },
      null,
      { id: globalIdOf('c002'), status: 'VALID' },
    ]);
    expect(errors).toMatchObject([
      {
        message: 'representations.1.clientCertificateId: expected an id such as a1b2c3, got "NO ID"',
        extensions: { code: 'BAD_USER_INPUT', serviceName: 'client-certificates' },
      },
    ]);
    expect(errors[0]?.path?.slice(0, 3)).toEqual(['stages', 1, 'clientCertificate']);
  });

  test('without credentials, fields that need none are returned, and the others are UNAUTHENTICATED', async () => {
    const { ask, calls, operations } = await startGraph({ stages: ['c001'] });
    for (const authorization of [undefined, 'Bearer nobody']) {
      const { data, errors = [] } = await ask(STAGES, authorization);
      expect(data).toEqual({ stages: [{ name: 'stage-0', clientCertificate: null }] });
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    }
    expect(operations()).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('without the scope a certificate is FORBIDDEN, and the error names the required scope', async () => {
    const { ask, calls } = await startGraph({ stages: ['c001'] });
    const { data, errors = [] } = await ask(STAGES, WRITER);
    expect(data).toEqual({ stages: [{ name: 'stage-0', clientCertificate: null }] });
    expect(errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN', requiredScope: 'client-certificates:read' } },
    ]);
    expect(calls).toEqual([]);
  });

  test('errors of queries and of AWS keep their codes, those of mutations are data', async () => {
    const { ask, fail } = await startGraph({});
    expect((await ask('{ clientCertificates(first: -1) { totalCount } }', READER)).errors).toMatchObject([
      { message: 'first: expected 0 to 500, got -1', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    const update = (id: string) =>
      `mutation { updateClientCertificate(input: { id: "${id}", description: "new" }) { __typename ... on Error { code } } }`;
    expect(await ask(update('NO ID'), WRITER)).toEqual({
      data: { updateClientCertificate: { __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' } },
    });
    expect(await ask(update('c001'), WRITER)).toEqual({
      data: { updateClientCertificate: { __typename: 'UpdateClientCertificatePayload' } },
    });
    fail(() => ({ kind: 'error', error: chosen.internal(new Error('made by a test')) }));
    expect((await ask(update('c001'), WRITER)).errors).toMatchObject([
      { extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
  });
});

const certificateOf = ({ clientCertificate }: { clientCertificate: unknown }) => clientCertificate;
