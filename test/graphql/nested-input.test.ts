import { expect, test } from 'vitest';
import { startService } from '../support/service.ts';

/** The deepest nesting that a body has room for, which is far deeper than the stack. */
const DEPTH = 100_000;

const list = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const object = (depth: number) => `${'{"a":'.repeat(depth)}null${'}'.repeat(depth)}`;

const codesOf = (errors: { extensions: { code: string } }[]) =>
  errors.map(({ extensions }) => extensions.code);

const ENTITIES = 'query ($value: [_Any!]!) { _entities(representations: $value) { __typename } }';
const NODES = 'query ($value: [ID!]!) { nodes(ids: $value) { id } }';
const FILTER =
  'query ($value: ClientCertificateFilter) { clientCertificates(filter: $value) { totalCount } }';
const GENERATE =
  'mutation ($value: GenerateClientCertificateInput!) { generateClientCertificate(input: $value) { __typename } }';

test.for<[what: string, query: string, value: string]>([
  ['representations that are lists', ENTITIES, `[${list(DEPTH)}]`],
  ['a representation with lists in it', ENTITIES, `[{"__typename":${list(DEPTH)}}]`],
  ['a representation with objects in it', ENTITIES, `[{"__typename":${object(40_000)}}]`],
  ['a key of a representation', ENTITIES, `[{"__typename":"ClientCertificate","id":${list(DEPTH)}}]`],
  ['a representation without a key', ENTITIES, `[{"__typename":"ClientCertificate","a":${object(40_000)}}]`],
  ['ids', NODES, list(DEPTH)],
  ['an id that is an object', NODES, `[${object(40_000)}]`],
  ['a status', FILTER, `{"status":${list(DEPTH)}}`],
  ['a filter', FILTER, object(40_000)],
  ['tags', GENERATE, `{"tags":${list(DEPTH)}}`],
  ['an input', GENERATE, `{"tags":[${object(40_000)}]}`],
])('%s of any depth are a client error', async ([, query, value]) => {
  const { calls, post } = await startService();
  const response = await post(`{"query":${JSON.stringify(query)},"variables":{"value":${value}}}`);
  const { errors } = await response.json();
  expect(new Set(codesOf(errors))).toEqual(new Set(['BAD_USER_INPUT']));
  expect(calls).toEqual([]);
});

test.for([list(DEPTH), object(40_000)])(
  'a name of an operation of any depth is a client error',
  async (name) => {
    const { log, post } = await startService();
    const response = await post(`{"query":"{__typename}","operationName":${name}}`);
    expect(response.status).toBe(400);
    expect(codesOf((await response.json()).errors)).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    expect(log).toEqual([]);
  },
);

test('unused input may have any depth', async () => {
  const { post } = await startService();
  for (const part of [
    `"extensions":${object(40_000)}`,
    `"extensions":{"a":${list(DEPTH)}}`,
    `"variables":${object(40_000)}`,
  ])
    expect(await (await post(`{"query":"{__typename}",${part}}`)).json()).toEqual({
      data: { __typename: 'Query' },
    });
});

test.for<[what: string, literal: string]>([
  ['a list', list(900)],
  ['an object', `${'{a:'.repeat(300)}null${'}'.repeat(300)}`],
])('%s in a document may be as deep as its tokens allow', async ([, literal]) => {
  const { query } = await startService();
  for (const document of [
    `{ _entities(representations: [${literal}]) { __typename } }`,
    `{ _entities(representations: [{ __typename: ${literal} }]) { __typename } }`,
    `{ nodes(ids: ${literal}) { id } }`,
    `query ($a: [_Any!]! = ${literal}) { _entities(representations: $a) { __typename } }`,
  ])
    expect(await query(document)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
});

test.for<[what: string, document: string]>([
  ['lists', `{ nodes(ids: ${list(30_000)}) { id } }`],
  [
    'objects',
    `{ clientCertificates(filter: ${'{tags:'.repeat(15_000)}${'}'.repeat(15_000)}) { totalCount } }`,
  ],
  ['inline fragments', `{ ${'...{'.repeat(15_000)} __typename ${'}'.repeat(15_000)} }`],
  ['fields', `{ ${'a{'.repeat(15_000)} __typename ${'}'.repeat(15_000)} }`],
  ['types', `query ($a: ${list(30_000).replace('[]', '[ID]')}) { __typename }`],
])('a document with %s nested too deeply to be parsed is too large', async ([, document]) => {
  const { post } = await startService({ env: { MAX_TOKENS: '100000' } });
  const response = await post({ query: document });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }] });
});
