import { hash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { complaints } from '../settings/config-support.ts';
import { emptyFolder } from '../support/process.ts';
import { examples, startService, withoutRequestIds } from '../support/service.ts';

const LIST =
  'query List($first: Int) { clientCertificates(first: $first) { nodes { clientCertificateId } } }';
const OTHER = '{ __typename }';
const ID = hash('sha256', LIST, 'hex');

const CODEGEN = JSON.stringify({ [ID]: LIST });
const APOLLO = JSON.stringify({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id: ID, name: 'List', type: 'query', body: LIST }],
});

async function start(text: string, env: Record<string, string> = {}, elapsedMs = () => 0) {
  const file = join(await emptyFolder(), 'documents.json');
  await writeFile(file, text);
  const checks: (() => void)[] = [];
  const service = await startService({
    emulator: { examples: examples(3) },
    env: { TRUSTED_DOCUMENTS: file, ...env },
    now: () => new Date('2026-11-20T00:00:00Z'),
    clock: { every: (_, run) => void checks.push(run) },
    elapsedMs,
  });
  return {
    ...service,
    rewrite: async (next: string) => {
      await writeFile(file, next);
      for (const run of checks) run();
    },
    ask: async (body: object) => withoutRequestIds(await (await service.post(body)).json()),
    get: async (parameters: Record<string, string>) => {
      const url = `http://localhost/graphql?${new URLSearchParams(parameters)}`;
      return withoutRequestIds(await (await service.server.fetch(url)).json());
    },
  };
}

const persistedQuery = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });
const codeOf = ({ errors }: { errors?: { extensions: Record<string, unknown> }[] }) =>
  errors?.[0]?.extensions['code'];
const variables = { first: 2 };

test.each([
  ['graphql-codegen and Relay', CODEGEN],
  ['Apollo', APOLLO],
])('an id of a file by %s is answered as the text is, in each form of a request', async (_, text) => {
  const { ask, get } = await start(text);
  const answer = await ask({ query: LIST, variables });
  expect(answer.data.clientCertificates.nodes).toHaveLength(2);
  expect(await ask({ documentId: ID, variables })).toEqual(answer);
  expect(await ask({ documentId: `sha256:${ID}`, variables })).toEqual(answer);
  expect(await ask({ extensions: persistedQuery(ID), variables, operationName: 'List' })).toEqual(answer);
  expect(await get({ documentId: ID, variables: '{"first":2}' })).toEqual(answer);
  expect(await get({ extensions: JSON.stringify(persistedQuery(ID)), variables: '{"first":2}' })).toEqual(
    answer,
  );
});

test('an id that is unknown is an error of its own, and a text is still executed', async () => {
  const { ask, get, calls } = await start(CODEGEN);
  expect(codeOf(await ask({ documentId: 'none' }))).toBe('DOCUMENT_NOT_FOUND');
  expect(codeOf(await get({ documentId: 'none' }))).toBe('DOCUMENT_NOT_FOUND');
  expect(await ask({ extensions: persistedQuery('none') })).toEqual({
    errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
  });
  expect(await ask({ query: OTHER })).toEqual({ data: { __typename: 'Query' } });
  expect(await ask({ query: OTHER, extensions: persistedQuery('none') })).toEqual({
    data: { __typename: 'Query' },
  });
  expect(calls).toEqual([]);
});

test.for<unknown>([5, {}, { toString: 1, valueOf: 1 }])(
  'the hash %j is that of no document',
  async (sha256Hash) => {
    const { ask, get, log } = await start(CODEGEN);
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    expect(await ask({ query: OTHER, extensions })).toEqual({ data: { __typename: 'Query' } });
    expect(codeOf(await ask({ extensions }))).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
    expect(codeOf(await get({ extensions: JSON.stringify(extensions) }))).toBe(
      'PERSISTED_QUERY_NOT_SUPPORTED',
    );
    expect(log).toEqual([]);
  },
);

test.for(['variables', 'extensions', 'other'])(
  'an id beside %s that are nested too deeply is refused',
  async (name) => {
    const { post, log } = await start(CODEGEN);
    const depth = 100_000;
    const response = await post(
      `{"documentId":"${ID}","${name}":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`,
    );
    expect(response.status).toBe(400);
    expect(codeOf(await response.json())).toBe('BAD_REQUEST');
    expect(log).toEqual([]);
  },
);

test('only trusted documents are executed if the settings say so', async () => {
  const { ask, get, server, post, calls } = await start(CODEGEN, { ONLY_TRUSTED_DOCUMENTS: 'true' });
  for (const query of [OTHER, LIST, 'nonsense', ''])
    expect(codeOf(await ask({ query }))).toBe('DOCUMENT_NOT_TRUSTED');
  expect(codeOf(await get({ query: OTHER }))).toBe('DOCUMENT_NOT_TRUSTED');
  expect(codeOf(await ask({ query: OTHER, documentId: 'none' }))).toBe('DOCUMENT_NOT_TRUSTED');
  for (const body of ['[{"query":"{ __typename }"}]', 'null', '{', '"{ __typename }"'])
    expect((await post(body)).status).toBe(400);
  const graphql = await post(OTHER, { 'content-type': 'application/graphql' });
  expect(codeOf(await graphql.json())).toBe('DOCUMENT_NOT_TRUSTED');
  expect(calls).toEqual([]);
  const answer = await ask({ documentId: ID, query: OTHER, variables });
  expect(answer.data.clientCertificates.nodes).toHaveLength(2);
  const page = await server.fetch('http://localhost/graphql', { headers: { accept: 'text/html' } });
  expect(page.headers.get('content-type')).not.toContain('text/html');
  expect((await server.fetch('http://localhost/trust-bundle/pem')).status).toBe(200);
});

test.for([
  ['with an id', {}, { documentId: 'none' }],
  ['if only trusted documents are executed', { ONLY_TRUSTED_DOCUMENTS: 'true' }, { query: OTHER }],
] as const)('long bodies are parsed in turns of the event loop %s', async ([, env, parameters]) => {
  let clockMs = 0;
  const elapsedMs = () => {
    clockMs += 10; // as if parsing a body took longer than a turn
    return clockMs;
  };
  const { ask } = await start(CODEGEN, { REQUEST_TIMEOUT_MS: '3600000', ...env }, elapsedMs);
  let turn = 0;
  let isOver = false;
  const counting = (async () => {
    for (; !isOver; turn += 1) await nextTurn();
  })();
  const turns = await Promise.all(
    Array.from({ length: 10 }, async () => {
      await ask({ ...parameters, variables: { a: 'x'.repeat(70_000) } });
      return turn;
    }),
  );
  isOver = true;
  await counting;
  expect(new Set(turns).size).toBeGreaterThan(7);
});

test('an id and its text share kept answers, which graphql-js does not make again', async () => {
  const { ask, metrics, callsOf } = await start(CODEGEN, { CACHE_TTL_MS: '60000' });
  const made = async () =>
    (await metrics.text()).split('\n').filter((line) => /^certway_graphql_answers_made_total\{/.test(line));
  for (let i = 0; i < 3; i += 1) await ask({ query: LIST, variables });
  const before = await made();
  expect(await callsOf(() => ask({ documentId: ID, variables }))).toEqual([]);
  expect(await callsOf(() => ask({ variables, extensions: persistedQuery(ID) }))).toEqual([]);
  expect(await made()).toEqual(before);
});

test('a document that is taken out of the file is not answered any more, and a broken file changes nothing', async () => {
  const { ask, rewrite, log } = await start(CODEGEN, {
    CACHE_TTL_MS: '60000',
    ONLY_TRUSTED_DOCUMENTS: 'true',
  });
  for (let i = 0; i < 3; i += 1) expect(await ask({ documentId: ID, variables })).toHaveProperty('data');
  await rewrite('{"a": "{ oops"}');
  expect(await ask({ documentId: ID, variables })).toHaveProperty('data');
  await rewrite(JSON.stringify({ other: OTHER }));
  expect(codeOf(await ask({ documentId: ID, variables }))).toBe('DOCUMENT_NOT_FOUND');
  expect(await ask({ documentId: 'other' })).toEqual({ data: { __typename: 'Query' } });
  expect(log.map(({ msg }) => msg)).toEqual([
    'TRUSTED_DOCUMENTS: the new file is refused, the old stays',
    'TRUSTED_DOCUMENTS: the new file is used',
  ]);
});

test.each([
  ['{"a": "{ oops"}', '"a": expected a GraphQL document, but Syntax Error: Expected Name, found <EOF>.'],
  [`{"${'a'.repeat(79)}😀😀": 1}`, `"${'a'.repeat(79)}…": expected a GraphQL document, but it is no text`],
  ['{"a": 1}', '"a": expected a GraphQL document, but it is no text'],
  ['[]', "expected JSON of ids and documents, or Apollo's manifest, got none"],
  ['rubbish', "expected JSON of ids and documents, or Apollo's manifest, got none"],
  ['{"operations": [{"id": "a"}]}', '"operations": expected a GraphQL document, but it is no text'],
])('the file may not be %s', async (text, complaint) => {
  const file = join(await emptyFolder(), 'documents.json');
  await writeFile(file, text);
  expect(complaints({ TRUSTED_DOCUMENTS: file })).toEqual([`TRUSTED_DOCUMENTS: ${file}: ${complaint}`]);
});

test('only trusted documents need some, of clients or of the page, and have no GraphiQL', () => {
  expect(complaints({ ONLY_TRUSTED_DOCUMENTS: 'true' })).toEqual([]);
  expect(complaints({ ONLY_TRUSTED_DOCUMENTS: 'true', PAGE: 'false', GRAPHIQL: 'true' })).toEqual([
    'TRUSTED_DOCUMENTS: expected a file, since ONLY_TRUSTED_DOCUMENTS is true and PAGE is false; got none',
    'GRAPHIQL: expected auto or false, since ONLY_TRUSTED_DOCUMENTS is true; got true',
  ]);
});
