import { expect, test } from 'vitest';
import { startService, withoutRequestIds } from '../support/service.ts';

const GENERATE = 'mutation { generateClientCertificate(input: {}) { __typename } }';
const JSON_TYPE = { 'content-type': 'application/json' };

async function start() {
  const service = await startService();
  const request = async (init: RequestInit, search = '') =>
    service.server.fetch(`http://localhost/graphql${search}`, init);
  return { ...service, request };
}

test('a mutation in a GET is refused with 405', async () => {
  const { calls, request } = await start();
  const response = await request({}, `?query=${encodeURIComponent(GENERATE)}`);
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST');
  expect(withoutRequestIds(await response.json())).toEqual({
    errors: [
      {
        message: 'Can only perform a mutation operation from a POST request.',
        extensions: { code: 'BAD_REQUEST' },
      },
    ],
  });
  expect(calls).toEqual([]);
});

test('a query in a GET is answered', async () => {
  const { request } = await start();
  const response = await request(
    {},
    `?query=${encodeURIComponent('{ clientCertificates { nodes { id } } }')}`,
  );
  expect(withoutRequestIds(await response.json())).toEqual({ data: { clientCertificates: { nodes: [] } } });
});

test.for(['variables=%7B', 'extensions=x', 'variables=%23', 'variables=1%27'])(
  'a GET with %s, which is not JSON, is refused with 400',
  async (parameter) => {
    const { request } = await start();
    const response = await request({}, `?query=%7B__typename%7D&${parameter}`);
    expect(response.status).toBe(400);
    expect(withoutRequestIds(await response.json())).toEqual({
      errors: [{ message: 'variables and extensions: expected JSON', extensions: { code: 'BAD_REQUEST' } }],
    });
  },
);

test.for(['PUT', 'PATCH', 'DELETE'])('%s is refused with 405', async (method) => {
  const { request } = await start();
  const response = await request({ method, headers: JSON_TYPE, body: JSON.stringify({ query: GENERATE }) });
  expect(response.status).toBe(405);
});

test.for(['application/json', 'application/graphql-response+json', '*/*'])(
  'a body that is not JSON is refused with 400 for a client that accepts %s',
  async (accept) => {
    const { post } = await start();
    for (const body of ['{', '', '{"query": "{ __typename }"', '\u0000', 'query=1']) {
      const response = await post(body, { accept });
      expect(response.status).toBe(400);
      expect(withoutRequestIds(await response.json())).toEqual({
        errors: [{ message: 'POST body sent invalid JSON.', extensions: { code: 'BAD_REQUEST' } }],
      });
    }
  },
);

test.for<[body: unknown, message: string]>([
  [null, 'POST body is expected to be object but received null'],
  [5, 'POST body is expected to be object but received number'],
  [[], 'Batching is not supported.'],
  [[{ query: GENERATE }], 'Batching is not supported.'],
  [{ query: 5 }, 'Expected "query" param to be a string, but given number.'],
  [
    { query: GENERATE, variables: 'x' },
    'Expected "variables" param to be empty or an object, but given string.',
  ],
  [
    { query: GENERATE, variables: [] },
    'Expected "variables" param to be empty or an object, but given array.',
  ],
  [
    { query: GENERATE, extensions: 'x' },
    'Expected "extensions" param to be empty or an object, but given string.',
  ],
  [{ qeury: '{ __typename }' }, 'Must provide query string.'],
])('the body %j is refused with 400, and the error says why', async ([body, message]) => {
  const { calls, post } = await start();
  const response = await post(JSON.stringify(body));
  expect(response.status).toBe(400);
  expect(withoutRequestIds(await response.json())).toEqual({
    errors: [{ message, extensions: { code: 'BAD_REQUEST' } }],
  });
  expect(calls).toEqual([]);
});

test.for<[body: object, message: string]>([
  [
    { query: `${GENERATE} query A { __typename }`, operationName: 'B' },
    'operationName: expected "" or "A", got "B"',
  ],
  [{ query: GENERATE, operationName: 'A' }, 'operationName: expected "", got "A"'],
  [
    { query: GENERATE.replace('mutation', 'mutation A'), operationName: 5 },
    'operationName: expected "A", got 5',
  ],
  [{ query: GENERATE, operationName: false }, 'operationName: expected "", got false'],
  [
    { query: GENERATE, operationName: 'B'.repeat(41) },
    `operationName: expected "", got "${'B'.repeat(40)}…"`,
  ],
  [
    { query: 'mutation A { __typename } mutation B { __typename }' },
    'operationName: expected "A" or "B", got none',
  ],
  [
    { query: 'fragment F on Query { __typename }' },
    'operationName: expected a document with an operation, got none',
  ],
])(
  'the operation of %j is refused with 400, and the error names the operations of the document',
  async ([body, message]) => {
    const { calls, post } = await start();
    const response = await post(body);
    expect(response.status).toBe(400);
    const { errors } = withoutRequestIds(await response.json());
    expect(errors).toEqual([
      expect.objectContaining({ message, extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }),
    ]);
    expect(calls).toEqual([]);
  },
);

test.for<[query: string, code: string]>([
  ['', 'GRAPHQL_PARSE_FAILED'],
  ['{', 'GRAPHQL_PARSE_FAILED'],
  ['mutation { generateClientCertificate(input: {}) { __typename } ', 'GRAPHQL_PARSE_FAILED'],
  ['{ certificates { id } }', 'GRAPHQL_VALIDATION_FAILED'],
])('the document %j is refused with a code', async ([query, code]) => {
  const { calls, post } = await start();
  const spec = await post({ query }, { accept: 'application/graphql-response+json' });
  expect(spec.status).toBe(400);
  expect(await spec.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(calls).toEqual([]);
});

test('a body of 300 KiB is refused with 413, with and without a Content-Length', async () => {
  const { calls, post, request } = await start();
  const body = JSON.stringify({ query: `${GENERATE}${' '.repeat(300 * 1024)}` });
  const streamed: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: JSON_TYPE,
    body: new Blob([body]).stream(),
    duplex: 'half',
  };
  for (const response of [await post(body), await request(streamed)]) {
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ message: 'Request body too large' }] });
  }
  expect(calls).toEqual([]);
});

test('a body of 256 KiB is accepted, and one with a byte more is not', async () => {
  const { post } = await start();
  const body = JSON.stringify({ query: '{ __typename }' });
  expect((await post(body.padEnd(256 * 1024))).status).toBe(200);
  expect((await post(body.padEnd(256 * 1024 + 1))).status).toBe(413);
});

test.for(['text/plain', 'text/plain; application/json', 'multipart/form-data; boundary=x', 'image/png', ''])(
  'a body of the type %j is refused with 415',
  async (type) => {
    const { calls, request } = await start();
    const response = await request({
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify({ query: GENERATE }),
    });
    expect(response.status).toBe(415);
    expect(calls).toEqual([]);
  },
);

test('a multipart form for uploads is refused with 415', async () => {
  const { calls, request } = await start();
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: GENERATE }));
  form.set('map', '{}');
  expect((await request({ method: 'POST', body: form })).status).toBe(415);
  expect(calls).toEqual([]);
});
