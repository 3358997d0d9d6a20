import { IntrospectAndCompose } from '@apollo/gateway';
import { describe, expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { globalIdOf } from '../support/service.ts';
import { composeApollo, type Subgraph } from './composers.ts';
import { apollo, hive } from './gateways.ts';
import { start } from './service.ts';
import { startNodes, startStages } from './subgraphs.ts';

const READER = 'Bearer reader';

const env = {
  AUTH: 'api-key',
  API_KEYS: apiKeyEntry('reader', 'reader', 'client-certificates:read'),
  NODE_ENV: 'production',
};

const supergraphOf = (...subgraphs: Subgraph[]) => composeApollo(subgraphs).supergraph;

test.each([
  ['Hive Gateway', hive],
  ['Apollo Gateway', apollo],
])('with NODE_QUERIES=false another subgraph finds nodes: %s', async (_, gateway) => {
  const { askedSubgraph } = await start({ NODE_QUERIES: 'false' });
  const ask = await gateway(supergraphOf(await askedSubgraph(), await startNodes()));
  const id = globalIdOf('c003');
  expect(await ask(`{ node(id: "${id}") { id ... on ClientCertificate { clientCertificateId } } }`)).toEqual({
    data: { node: { id, clientCertificateId: 'c003' } },
  });
});

test('Hive Gateway computes the cost of a page by @cost and @listSize', async () => {
  const { subgraph } = await start();
  const ask = await hive(supergraphOf(subgraph()), { demandControl: { maxCost: 100 } });
  const page = (first: number) => ask(`{ clientCertificates(first: ${first}) { nodes { id } } }`);
  expect((await page(89)).errors).toBeUndefined();
  expect((await page(90)).errors).toMatchObject([
    { extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', cost: { estimated: 101, max: 100 } } },
  ]);
});

describe('with FEDERATION_AUTH_DIRECTIVES=true', () => {
  const STAGES = '{ stages { name clientCertificate { clientCertificateId status } } }';

  async function startGraph() {
    const service = await start({ ...env, FEDERATION_AUTH_DIRECTIVES: 'true', INTROSPECTION: 'true' });
    const stages = await startStages([{ name: 'prod', clientCertificateId: 'c001' }]);
    return { ...service, supergraph: supergraphOf(await service.askedSubgraph(READER), stages) };
  }

  test('Apollo Gateway refuses the supergraph: it cannot check scopes', async () => {
    const { supergraph } = await startGraph();
    await expect(apollo(supergraph)).rejects.toThrow(
      /requiresScopes\/v0\.1 is for: SECURITY but is unsupported/,
    );
  });

  test('Hive Gateway does not check scopes by default, and the service does', async () => {
    const { supergraph } = await startGraph();
    const ask = await hive(supergraph);
    const stage = (clientCertificate: unknown) => ({ stages: [{ name: 'prod', clientCertificate }] });
    expect(await ask(STAGES, READER)).toEqual({
      data: stage({ clientCertificateId: 'c001', status: 'VALID' }),
    });
    expect(await ask(STAGES)).toMatchObject({
      data: stage(null),
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('Hive Gateway refuses by itself if it knows the scopes of the caller', async () => {
    const { supergraph, operations } = await startGraph();
    const ask = await hive(supergraph, {
      genericAuth: {
        mode: 'protect-granular',
        resolveUserFn: ({ request }) => ({
          scope: request.headers.get('authorization') === READER ? 'client-certificates:read' : 'openid',
        }),
      },
    });
    expect((await ask(STAGES, READER)).errors).toBeUndefined();
    const asked = operations().length;
    const { errors = [] } = await ask(STAGES, 'Bearer other');
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual([
      'UNAUTHORIZED_FIELD_OR_TYPE', // for each field of the certificate
      'UNAUTHORIZED_FIELD_OR_TYPE',
    ]);
    expect(operations()).toHaveLength(asked);
  });
});

describe('a gateway that composes the schemas of running subgraphs', () => {
  const introspecting = (url: string) =>
    new IntrospectAndCompose({
      subgraphs: [{ name: 'client-certificates', url }],
      introspectionHeaders: { authorization: READER },
    });

  test('gets the schema with INTROSPECTION=true and valid credentials', async () => {
    const { subgraph } = await start({ ...env, INTROSPECTION: 'true' });
    const ask = await apollo(introspecting(subgraph().url));
    expect(await ask('{ clientCertificates(first: 1) { totalCount } }', READER)).toEqual({
      data: { clientCertificates: { totalCount: 40 } },
    });
  });

  test('gets no schema otherwise, and says why', async () => {
    const { subgraph } = await start(env);
    await expect(apollo(introspecting(subgraph().url))).rejects.toThrow(/introspection has been disabled/);
  });
});
