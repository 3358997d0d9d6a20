import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { runService } from '../support/running-service.ts';
import { type Answer, examples, startService } from '../support/service.ts';

const LIST = 'query List { clientCertificates { nodes { id } } }';
const THROTTLED: Fault = {
  kind: 'error',
  error: new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
};

const DENIED: Fault = { kind: 'error', error: new AwsError(403, 'AccessDeniedException', 'No') };

const hashOf = (document: string) => createHash('sha256').update(document).digest('hex').slice(0, 16);

test('each operation has one line, with its name, its duration and its AWS calls', async () => {
  const { log, operations, post } = await startService({ emulator: { examples: examples(2) } });
  await post({ query: LIST }, { 'x-request-id': 'req-42' });
  expect(operations).toEqual([
    {
      level: 'info',
      requestId: 'req-42',
      operation: 'List',
      document: hashOf(LIST),
      viewer: 'anonymous',
      durationMs: expect.any(Number),
      awsCalls: 1,
      awsMs: expect.any(Number),
      msg: 'operation',
    },
  ]);
  expect(log).toEqual([]);
});

test('the line has the address of the client, and so have the lines of refusals', async () => {
  const key = { authorization: 'Bearer certway_key' };
  const { log, operations, post } = await runService({
    env: { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', 'certway_key') },
  });
  await post('{ __typename }', { headers: key });
  await post('{ __typename }', { headers: { authorization: 'Bearer other' } });
  const lines = [...operations, ...log].filter(({ requestId }) => requestId);
  expect(lines).toMatchObject([
    { msg: 'operation', viewer: 'portal', address: '127.0.0.1' },
    { msg: 'not authenticated', address: '127.0.0.1' },
  ]);
});

test('the line has the outcome: the code of each error once', async () => {
  const { operations, post } = await startService({ env: { MAX_ALIASES: '5' } });
  const id = (alias: string) => `${alias}: node(id: "?") { id }`;
  const documents = [
    '{ __typename }',
    `query Two { ${id('a')} ${id('b')} }`,
    '{',
    '{ nothing }',
    `{ ${['a', 'b', 'c', 'd', 'e', 'f'].map(id).join(' ')} }`,
    `{ ${'__typename '.repeat(3000)} }`,
  ];
  for (const query of documents) await post({ query });
  expect(operations.map(({ operation, errors }) => [operation, errors])).toEqual([
    [undefined, undefined],
    ['Two', ['BAD_USER_INPUT']],
    [undefined, ['GRAPHQL_PARSE_FAILED']],
    [undefined, ['GRAPHQL_VALIDATION_FAILED']],
    [undefined, ['OPERATION_TOO_LARGE']],
    [undefined, ['OPERATION_TOO_LARGE']],
  ]);
  expect(operations.map(({ document }) => document)).toEqual(documents.map(hashOf));
  for (const { awsCalls, awsMs } of operations)
    expect({ awsCalls, awsMs }).toEqual({ awsCalls: 0, awsMs: 0 });
});

test.for<[what: string, faults: Fault[], awsCalls: number, errors?: string[]]>([
  ['throttled once', [THROTTLED], 2],
  ['throttled twice', [THROTTLED, THROTTLED], 3],
  ['cut off once', [{ kind: 'cut-off' }], 2],
  ['throttled for good', [THROTTLED, THROTTLED, THROTTLED], 3, ['THROTTLED']],
])('retries count as AWS calls: %s', async ([, faults, awsCalls, errors]) => {
  const { fail, operations, post } = await startService();
  fail(() => faults.shift());
  await post({ query: LIST });
  expect(operations).toMatchObject([{ awsCalls, ...(errors && { errors }) }]);
});

test('the calls of an operation are counted, and not those of others', async () => {
  const { operations, post } = await startService({ emulator: { examples: examples(501) } });
  const generate = 'generateClientCertificate(input: {}) { __typename }';
  await Promise.all([
    post({ query: 'query Count { clientCertificates { totalCount } }' }),
    post({ query: LIST }), // is answered by the read of Count
    post({ query: 'query None { __typename }' }),
    post({ query: `mutation Two { a: ${generate} b: ${generate} }` }),
  ]);
  expect(Object.fromEntries(operations.map(({ operation, awsCalls }) => [operation, awsCalls]))).toEqual({
    Count: 2,
    List: 0,
    None: 0,
    Two: 2,
  });
});

test('every error has the id of the header', async () => {
  const { fail, post } = await startService({ emulator: { examples: examples(2) } });
  fail((operation) => (operation === 'GenerateClientCertificate' ? DENIED : undefined));
  const bodies = [
    '{',
    '[]',
    JSON.stringify({ query: '{' }),
    JSON.stringify({ query: '{ nothing { a } neither }' }),
    JSON.stringify({ query: '{ a: node(id: "?") { id } b: node(id: "!") { id } }' }),
    JSON.stringify({
      query: 'query ($n: Int) { clientCertificates(first: $n) { totalCount } }',
      variables: { n: 'x' },
    }),
    JSON.stringify({ query: 'mutation { generateClientCertificate(input: {}) { __typename } }' }),
    JSON.stringify({ query: `{ ${'a '.repeat(3000)} }` }),
    'x'.repeat(300_000),
  ];
  const ids = new Set<string | null>();
  for (const body of [...bodies, ...bodies]) {
    const response = await post(body);
    const id = response.headers.get('x-request-id');
    const { errors = [] }: Answer = await response.json();
    expect(errors.length).toBeGreaterThanOrEqual(1);
    for (const { extensions } of errors) expect(extensions['requestId']).toBe(id);
    ids.add(id);
  }
  expect(ids.size).toBe(2 * bodies.length);
});

test('every refusal has the id of the header', async () => {
  const { post } = await startService({ env: { RATE_LIMIT_PER_MINUTE: '1' } });
  await post({ query: '{ __typename }' });
  const refusals: Record<string, string>[] = [
    {},
    { 'content-type': 'text/plain' },
    { 'sec-fetch-site': 'cross-site' },
    { 'x-request-id': 'two words' },
  ];
  for (const headers of refusals) {
    const response = await post({ query: '{ __typename }' }, headers);
    const { errors }: Answer = await response.json();
    expect(errors?.[0]?.extensions['requestId']).toBe(response.headers.get('x-request-id'));
  }
});

test('the line contains neither input nor content of certificates', async () => {
  const { fail, log, operations, post } = await startService({
    emulator: {
      examples: [
        {
          id: 'hushid',
          description: 'hush-description',
          tags: { 'hush-key': 'hush-tag' },
          createdDate: new Date(),
        },
      ],
    },
  });
  const variables = {
    id: 'hushid',
    input: { description: 'hush-new', tags: [{ key: 'hush-k', value: 'hush-v' }] },
  };
  const headers = { authorization: 'Bearer hush-token', 'x-api-key': 'hush-key', cookie: 'a=hush-cookie' };
  for (const fault of [undefined, DENIED]) {
    fail(() => fault);
    for (const query of [
      'query ($id: ID!) { clientCertificate(id: $id) { pemEncodedCertificate description tags { key value } } }',
      'mutation ($input: GenerateClientCertificateInput!) { generateClientCertificate(input: $input) { __typename } }',
      '{ clientCertificates(filter: { descriptionContains: "hush-literal" }) { totalCount } }',
      'query ($input: Int) { clientCertificates(first: $input) { totalCount } }',
      '{ clientCertificate(id: "hush-!") { id } }',
    ])
      await post({ query, variables }, headers);
  }
  expect(operations).toHaveLength(10);
  expect(JSON.stringify([operations, log])).not.toMatch(/hush|CERTIFICATE-----|\bMII/);
});

test('a name that is too long for a log is cut', async () => {
  const { operations, post } = await startService();
  await post({ query: `query ${'x'.repeat(10_000)} { __typename }` });
  expect(operations).toMatchObject([{ operation: 'x'.repeat(100) }]);
});

test('requests without an operation have no line', async () => {
  const { operations, server } = await startService();
  for (const path of ['/health', '/ready', '/metrics', '/nowhere'])
    await server.fetch(`http://localhost${path}`);
  expect(operations).toEqual([]);
});
