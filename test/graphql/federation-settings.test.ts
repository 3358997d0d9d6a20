import { buildSchema, parse, print, visit } from 'graphql';
import { describe, expect, test } from 'vitest';
import { examples, globalIdOf, startService } from '../support/service.ts';

const ENTITY = `{
  _entities(representations: [{ __typename: "ClientCertificate", clientCertificateId: "c001" }]) {
    ... on Node { id }
  }
}`;

async function start(env: Record<string, string> = {}) {
  const service = await startService({ env, emulator: { examples: examples(3) } });
  return {
    ...service,
    sdl: async (): Promise<string> => (await service.query('{ _service { sdl } }')).data._service.sdl,
  };
}

describe('with NODE_QUERIES=false', () => {
  const env = { NODE_QUERIES: 'false' };

  test.each([
    ['node', '{ node(id: "x") { id } }'],
    ['nodes', '{ nodes(ids: ["x"]) { id } }'],
  ])('%s is left to another subgraph', async (name, document) => {
    const { query } = await start(env);
    const { errors = [] } = await query(document);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    expect(errors[0]?.message).toContain(`Cannot query field "${name}" on type "Query".`);
  });

  test('the SDL is the same without the two', async () => {
    const [all, less] = await Promise.all([start(), start(env)]);
    const without = visit(parse(await all.sdl()), {
      ObjectTypeDefinition: ({ name }) => (name.value === 'Query' ? undefined : false),
      FieldDefinition: ({ name }) => (/^nodes?$/.test(name.value) ? null : undefined),
    });
    expect(await less.sdl()).toBe(`${print(without)}\n`);
  });

  test('everything else is unchanged', async () => {
    const { query } = await start(env);
    const id = globalIdOf('c001');
    expect(await query(ENTITY)).toEqual({ data: { _entities: [{ id }] } });
    expect(await query('{ clientCertificate(id: "c001") { ... on Node { id } tags { key } } }')).toEqual({
      data: { clientCertificate: { id, tags: [] } },
    });
    expect(
      (await query('{ clientCertificates(last: 2) { nodes { x509 { subject } } } }')).errors,
    ).toBeUndefined();
    const { data } = await query(
      'mutation { deleteClientCertificate(input: { id: "c001", evenIfUsed: true }) { __typename } }',
    );
    expect(data.deleteClientCertificate).toEqual({ __typename: 'DeleteClientCertificatePayload' });
  });
});

describe('with FEDERATION_AUTH_DIRECTIVES=true', () => {
  const env = { FEDERATION_AUTH_DIRECTIVES: 'true' };

  test('the SDL says which scope each field requires', async () => {
    const { sdl } = await start(env);
    const schema = buildSchema(await sdl(), { assumeValidSDL: true });
    const fields = [schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    );
    const scoped = [...Object.values(schema.getTypeMap()), ...fields].flatMap(({ name, astNode }) =>
      (astNode?.directives ?? [])
        .filter((directive) => directive.name.value === 'requiresScopes')
        .map((directive) => `${name} ${print(directive)}`),
    );
    const [read, write, stages] = [
      'client-certificates:read',
      'client-certificates:write',
      'stages:write',
    ].map((scope) => `@requiresScopes(scopes: [["${scope}"]])`);
    expect(scoped.toSorted()).toEqual([
      `AccountRegion ${read}`,
      `ApiStage ${read}`,
      `ApiStageConnection ${read}`,
      `ApiStageEdge ${read}`,
      `ClientCertificate ${read}`,
      `ClientCertificateChange ${read}`,
      `ClientCertificateConnection ${read}`,
      `ClientCertificateEdge ${read}`,
      `ClientCertificatesChanged ${read}`,
      `StageReplacement ${read}`,
      `TrustBundle ${read}`,
      `clientCertificatesChanged ${read}`,
      `deleteClientCertificate ${write}`,
      `generateClientCertificate ${write}`,
      `replaceClientCertificate ${stages}`,
      `tagClientCertificate ${write}`,
      `testClientCertificate ${stages}`,
      `untagClientCertificate ${write}`,
      `updateClientCertificate ${write}`,
    ]);
  });

  test('the SDL has no other changes', async () => {
    const [without, sdl] = [await (await start()).sdl(), await (await start(env)).sdl()];
    expect(without).not.toContain('requiresScopes');
    expect(sdl.replaceAll(/ @requiresScopes\(.*?\)|, "@requiresScopes"/g, '')).toBe(without);
  });
});

describe('with INTROSPECTION=false', () => {
  test('the SDL is refused like the schema, and entities work', async () => {
    const { query } = await start({ INTROSPECTION: 'false' });
    expect(await query('{ _service { sdl } }')).toMatchObject({
      errors: [
        {
          message:
            'GraphQL introspection has been disabled, but the requested query contained the field "_service".',
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    });
    expect(await query(ENTITY)).toEqual({ data: { _entities: [{ id: globalIdOf('c001') }] } });
  });
});
