import {
  buildClientSchema,
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  getIntrospectionQuery,
  isNamedType,
  parse,
  print,
  printType,
  visit,
} from 'graphql';
import { expect, test } from 'vitest';
import { examples, globalIdOf, startService } from '../support/service.ts';

/**
 * The rows of https://github.com/apollographql/apollo-federation-subgraph-compatibility that such a subgraph can have.
 * It has no key of nested fields (`@key (composite)`); it adds nothing to types of
 * other subgraphs (`@requires`, `@provides`, `@override`, `@interfaceObject`), and marks nothing for contracts
 * (`@tag`, `@inaccessible`, `@composeDirective`). In the place of `federated tracing`, which is Apollo's, it has W3C
 * trace context.
 */
async function start() {
  const { query } = await startService({ emulator: { examples: examples(3) } });
  const { data } = await query('{ _service { sdl } }');
  const { sdl } = data._service;
  return { query, sdl, schema: buildSchema(sdl, { assumeValidSDL: true }) };
}

const directivesOf = (schema: GraphQLSchema, type: string): string[] =>
  (schema.getType(type)?.astNode?.directives ?? []).map(print);

test('_service: the SDL is the schema without the additions of federation', async () => {
  const { query, schema } = await start();
  const introspected = buildClientSchema((await query(getIntrospectionQuery())).data);
  const removed = findBreakingChanges(introspected, schema).map(({ description }) => description);
  expect(removed.toSorted()).toEqual([
    'Query._entities was removed.',
    'Query._service was removed.',
    'Standard scalar Float was removed because it is not referenced anymore.',
    '_Any was removed.',
    '_Entity was removed.',
    '_Service was removed.',
  ]);
  expect(findDangerousChanges(introspected, schema)).toEqual([]);
  expect(findBreakingChanges(schema, introspected)).toEqual([]);
});

test('_service, _entities and their types are those of the specification', async () => {
  const { query } = await start();
  const schema = buildClientSchema((await query(getIntrospectionQuery({ descriptions: false }))).data);
  const { _service, _entities } = schema.getQueryType()?.getFields() ?? {};
  expect(`${_service?.type}`).toBe('_Service!');
  expect(_service?.args).toEqual([]);
  expect(`${_entities?.type}`).toBe('[_Entity]!');
  expect(_entities?.args.map(({ name, type }) => `${name}: ${type}`)).toEqual(['representations: [_Any!]!']);
  const types = ['_Service', '_Entity', '_Any'].map((name) => schema.getType(name)).filter(isNamedType);
  expect(types.map(printType)).toEqual([
    'type _Service {\n  sdl: String!\n}',
    'union _Entity = ApiStage | ClientCertificate',
    'scalar _Any',
  ]);
});

test('@link: there is one, to a version of federation 2, and it imports the directives in use', async () => {
  const { sdl, schema } = await start();
  const FEDERATION = 'https://specs.apollo.dev/federation/v2.9';
  expect((schema.astNode?.directives ?? []).map(print)).toEqual([
    `@link(url: "${FEDERATION}", import: ["@key", "@shareable", "@cost", "@listSize"])`,
  ]);
  const used = new Set<string>();
  visit(parse(sdl), { Directive: ({ name }) => void used.add(`@${name.value}`) });
  expect([...used].toSorted()).toEqual(['@cost', '@key', '@link', '@listSize', '@shareable']);
});

test('repeatable @key, @key (multi): a certificate has three, and is found by each', async () => {
  const { query, schema } = await start();
  expect(directivesOf(schema, 'ClientCertificate')).toEqual([
    '@key(fields: "id")',
    '@key(fields: "clientCertificateId")',
    '@key(fields: "arn accountId")',
  ]);
  const document = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on ClientCertificate { id clientCertificateId } }
  }`;
  const __typename = 'ClientCertificate';
  const [first, second, third] = ['c000', 'c001', 'c002'].map((id) => ({
    id: globalIdOf(id),
    clientCertificateId: id,
  }));
  const representations = [
    { __typename, id: first?.id },
    { __typename, clientCertificateId: second?.clientCertificateId },
    { __typename, arn: 'arn:aws:apigateway:us-east-1::/clientcertificates/c002', accountId: null },
  ];
  expect(await query(document, { representations })).toEqual({ data: { _entities: [first, second, third] } });
});

test('@shareable: on the types that other subgraphs may have as well, which can be queried', async () => {
  const { query, schema } = await start();
  const shareable = Object.keys(schema.getTypeMap()).filter((name) =>
    directivesOf(schema, name).includes('@shareable'),
  );
  expect(shareable.toSorted()).toEqual(['PageInfo', 'Tag', 'X509Certificate']);
  const { errors } = await query(`{
    clientCertificates(first: 1) {
      nodes { tags { key value } x509 { subject notAfter } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`);
  expect(errors).toBeUndefined();
});

test('@cost and @listSize: gateways can compute the cost of a page', async () => {
  const { schema } = await start();
  const field = schema.getQueryType()?.getFields()['clientCertificates'];
  expect((field?.astNode?.directives ?? []).map(print)).toEqual([
    '@cost(weight: 10)',
    '@listSize(assumedSize: 25, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
  ]);
});

test('__typename is available everywhere', async () => {
  const { query } = await start();
  const { data, errors } = await query(`{
    __typename
    _service { __typename }
    _entities(representations: [{ __typename: "ClientCertificate", clientCertificateId: "c002" }]) {
      __typename
      ... on Node { __typename id }
    }
  }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    __typename: 'Query',
    _service: { __typename: '_Service' },
    _entities: [{ __typename: 'ClientCertificate', id: globalIdOf('c002') }],
  });
});
