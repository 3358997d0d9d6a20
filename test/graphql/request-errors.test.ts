import { describe, expect, test } from 'vitest';
import { startService } from '../support/service.ts';

const FIRST = 'query ($first: Int) { clientCertificates(first: $first) { totalCount } }';
const hash = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };

/** A request that is not executed, its error code, and its status for a client of `application/json`. */
const ERRORS: [what: string, body: unknown, code: string, legacyStatus: number][] = [
  ['no JSON', '{', 'BAD_REQUEST', 400],
  ['no object', '5', 'BAD_REQUEST', 400],
  ['a batch', [{ query: '{ __typename }' }], 'BAD_REQUEST', 400],
  ['no query', {}, 'BAD_REQUEST', 400],
  ['an invalid query', { query: 5 }, 'BAD_REQUEST', 400],
  ['invalid variables', { query: FIRST, variables: [] }, 'BAD_REQUEST', 400],
  ['invalid extensions', { query: FIRST, extensions: 'x' }, 'BAD_REQUEST', 400],
  ['an empty document', { query: '' }, 'GRAPHQL_PARSE_FAILED', 200],
  ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED', 200],
  ['an unknown field', { query: '{ nope }' }, 'GRAPHQL_VALIDATION_FAILED', 200],
  ['a wrong argument', { query: '{ clientCertificates(first: "x") { totalCount } }' }, 'BAD_USER_INPUT', 200],
  ['a subscription to nothing', { query: 'subscription { __typename }' }, 'GRAPHQL_VALIDATION_FAILED', 200],
  [
    'an operation that is not there',
    { query: '{ __typename }', operationName: 'A' },
    'OPERATION_RESOLUTION_FAILURE',
    400,
  ],
  [
    'several operations',
    { query: 'query A { __typename } query B { __typename }' },
    'OPERATION_RESOLUTION_FAILURE',
    400,
  ],
  [
    'an ambiguous operation',
    { query: 'query A { __typename } query A { __typename }', operationName: 'A' },
    'GRAPHQL_VALIDATION_FAILED',
    200,
  ],
  ['a variable of another type', { query: FIRST, variables: { first: 'x' } }, 'BAD_USER_INPUT', 400],
  ['a variable that is missing', { query: FIRST.replace('Int', 'Int!') }, 'BAD_USER_INPUT', 400],
  [
    'an operation that is too large',
    { query: '{ a: __typename b: __typename }' },
    'OPERATION_TOO_LARGE',
    400,
  ],
  ['a document that is too large', { query: `{ ${'__typename '.repeat(60)} }` }, 'OPERATION_TOO_LARGE', 400],
  ['introspection', { query: '{ __schema { description } }' }, 'GRAPHQL_VALIDATION_FAILED', 200],
  ['the hash of a document alone', { extensions: hash }, 'PERSISTED_QUERY_NOT_SUPPORTED', 200],
];

const start = () =>
  startService({ env: { MAX_ALIASES: '1', MAX_TOKENS: '60', INTROSPECTION: 'false', SUGGESTIONS: 'false' } });

describe.each(ERRORS)('%s', (_, body, code, legacyStatus) => {
  test.each([
    ['application/json', legacyStatus],
    ['application/graphql-response+json', 400],
  ])('for a client of %s is an error without data, with the status %i', async (accept, status) => {
    const { post, calls } = await start();
    const response = await post(body, { accept });
    const answer = await response.json();
    expect(answer).toEqual({ errors: [expect.objectContaining({ extensions: expect.anything() })] });
    expect(answer.errors[0].extensions).toEqual({ code, requestId: expect.any(String) });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
    expect(calls).toEqual([]);
  });
});

test.for<[what: string, search: string, status: number, code: string]>([
  ['a mutation', '?query=mutation{a:__typename}', 405, 'BAD_REQUEST'],
  ['a subscription to nothing', '?query=subscription{__typename}', 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['no query', '', 400, 'BAD_REQUEST'],
  ['variables that are no JSON', '?query={__typename}&variables=x', 400, 'BAD_REQUEST'],
  [
    'an operation that is not there',
    '?query={__typename}&operationName=A',
    400,
    'OPERATION_RESOLUTION_FAILURE',
  ],
  [
    'the hash of a document alone',
    `?extensions=${JSON.stringify(hash)}`,
    400,
    'PERSISTED_QUERY_NOT_SUPPORTED',
  ],
])('in a GET for a client that follows the specification: %s', async ([, search, status, code]) => {
  const { server, calls } = await start();
  const response = await server.fetch(`http://localhost/graphql${search}`, {
    headers: { accept: 'application/graphql-response+json' },
  });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(calls).toEqual([]);
});

test.for(['application/json', 'application/graphql-response+json'])(
  'an error of a field keeps the data and the status 200 for a client of %s',
  async (accept) => {
    const { post } = await start();
    const response = await post({ query: '{ clientCertificate(id: "?") { id } }' }, { accept });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ data: { clientCertificate: null }, errors: [{}] });
  },
);
