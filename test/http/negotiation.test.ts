import { expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { createParts, startService } from '../support/service.ts';

const GENERATE = 'mutation { generateClientCertificate(input: {}) { __typename } }';
const JSON_FORM = 'application/json; charset=utf-8';
const GRAPHQL_FORM = 'application/graphql-response+json; charset=utf-8';
const STREAM = 'text/event-stream';
const MULTIPART = 'multipart/mixed; boundary="-"';

/** https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1, and Yoga's choice where the RFC leaves one. */
const ACCEPTED: [accept: string, form: string][] = [
  ['application/json', JSON_FORM],
  ['APPLICATION/JSON', JSON_FORM],
  ['application/graphql-response+json', GRAPHQL_FORM],
  ['application/graphql-response+json; charset=UTF-8', GRAPHQL_FORM],
  ['application/graphql-response+json;charset="utf-8"', GRAPHQL_FORM],
  ['*/*', JSON_FORM],
  ['application/*', JSON_FORM],
  ['', JSON_FORM],
  [',', JSON_FORM],
  ['application/json, application/graphql-response+json', JSON_FORM],
  ['application/graphql-response+json, application/json', GRAPHQL_FORM],
  ['application/graphql-response+json, application/json;q=0.9', GRAPHQL_FORM],
  ['application/json;q=0.5, application/graphql-response+json;q=0.9', GRAPHQL_FORM],
  ['application/graphql-response+json;q=0.5, application/json;q=0.501', JSON_FORM],
  ['application/json ; Q=0.5 , application/graphql-response+json ; q=0.9', GRAPHQL_FORM],
  ['application/json;q=0, application/graphql-response+json', GRAPHQL_FORM],
  ['application/json;q=0.000, */*', GRAPHQL_FORM],
  ['*/*;q=0.1, application/graphql-response+json', GRAPHQL_FORM],
  ['*/*, application/json;q=0.1', GRAPHQL_FORM],
  ['application/*;q=0.5, application/json;q=0.4, */*', MULTIPART],
  ['image/png, */*;q=0.1', JSON_FORM],
  ['text/html, */*;q=0.1', JSON_FORM],
  ['application/json;q=.5, application/graphql-response+json;q=.9', GRAPHQL_FORM],
  ['application/json;q=many', JSON_FORM],
  ['nonsense, application/graphql-response+json', GRAPHQL_FORM],
  ['application/json;charset=iso-8859-1, application/graphql-response+json;q=0.1', GRAPHQL_FORM],
  ['application/json;profile=x', JSON_FORM],
  ['text/event-stream', STREAM],
  ['text/*', STREAM],
  ['text/event-stream, application/json', JSON_FORM],
  ['text/event-stream, application/json;q=0.9', STREAM],
  ['multipart/mixed;deferSpec=20220824, application/json', JSON_FORM],
  ['multipart/mixed;deferSpec=20220824', MULTIPART],
];

test.for(ACCEPTED)('to "%s" the answer is %s', async ([accept, form]) => {
  const { post, calls } = await startService();
  const response = await post({ query: GENERATE }, { accept });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(form);
  expect(await response.text()).toContain('GenerateClientCertificatePayload');
  expect(calls).toEqual(['GenerateClientCertificate']);
});

const NOT_ACCEPTABLE = [
  'application/xml',
  'text/html',
  'image/webp',
  'application/vnd.api+json',
  'application/json;q=0',
  'application/json;q=0, */*;q=0',
  '*/*;q=0',
  'application/json;charset=utf-16',
  'json',
  '*',
  'application/jsonx, application/',
];

test.for(NOT_ACCEPTABLE)('a mutation with the response 406 was not executed: "%s"', async (accept) => {
  const { post, calls, operations } = await startService();
  const response = await post({ query: GENERATE }, { accept });
  expect(response.status).toBe(406);
  expect(response.headers.get('content-type')).toBe(JSON_FORM);
  expect(await response.json()).toMatchObject({
    errors: [{ message: expect.stringContaining('application/json'), extensions: { code: 'BAD_REQUEST' } }],
  });
  expect(calls).toEqual([]);
  expect(operations).toEqual([]);
});

test('only the first part of a very long Accept is read', async () => {
  const { post } = await startService();
  const statusOf = async (ranges: number) =>
    (await post({ query: '{ __typename }' }, { accept: `${'a/b,'.repeat(ranges)}application/json` })).status;
  expect(await statusOf(49)).toBe(200);
  expect(await statusOf(50)).toBe(406);
});

test('an operation with a cached response is refused like any other', async () => {
  const { post } = await startService({ env: { CACHE_TTL_MS: '60000' } });
  const question = { query: '{ clientCertificates { nodes { id } } }' };
  for (const _ of [1, 2, 3]) await post(question);
  expect((await post(question, { accept: 'application/xml' })).status).toBe(406);
  const { headers } = await post(question, {
    accept: 'application/json;q=0.1, application/graphql-response+json',
  });
  expect(headers.get('content-type')).toBe(GRAPHQL_FORM);
});

test('responses are cached by their media type, however the client asks for it', async () => {
  const { post, calls } = await startService({ env: { CACHE_TTL_MS: '60000' } });
  const question = { query: '{ clientCertificates { nodes { id } } }' };
  for (const accept of ['application/json', '*/*', 'application/json;q=0.3', 'text/html, */*']) {
    const response = await post(question, { accept, 'content-type': `application/json;charset=utf-8` });
    expect(response.headers.get('content-type')).toBe(JSON_FORM);
  }
  expect(calls).toHaveLength(1);
});

/** Each refusal before GraphQL sees the request, and one by GraphQL. */
const REFUSALS: [status: number, path: string, init: RequestInit, env?: Record<string, string>][] = [
  [400, '/graphql', { method: 'POST', body: '{' }],
  [400, '/graphql', { method: 'POST', body: Buffer.from([0xff]) }],
  [400, '/graphql?query=%ff', {}],
  [401, '/graphql', { method: 'POST', body: '{}' }, { AUTH: 'api-key', API_KEYS: apiKeyEntry('a', 'a') }],
  [403, '/graphql', { method: 'POST', body: '{}', headers: { 'sec-fetch-site': 'cross-site' } }],
  [404, '/nowhere', {}],
  [404, '/', {}],
  [405, '/graphql', { method: 'DELETE' }],
  [405, '/graphql', { method: 'OPTIONS' }],
  [405, '/metrics', { method: 'POST' }],
  [413, '/graphql', { method: 'POST', body: ' '.repeat(2000) }, { MAX_BODY_BYTES: '1024' }],
  [415, '/graphql', { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }],
  [429, '/graphql', { method: 'POST', body: '{}' }, { RATE_LIMIT_PER_MINUTE: '1' }],
];

/** The body of a complete response, as a client of this media type reads it. */
function errorsIn(text: string, form: string): unknown {
  if (form === STREAM)
    return JSON.parse(/^:\n\nevent: next\ndata: (.*)\n\nevent: complete\ndata:\n\n$/.exec(text)?.[1] ?? '');
  if (form !== MULTIPART) return JSON.parse(text);
  const [, type, length, json = ''] =
    /^\r\n---\r\nContent-Type: (.*)\r\nContent-Length: (\d+)\r\n\r\n(.*)\r\n-----\r\n$/.exec(text) ?? [];
  expect([type, Number(length)]).toEqual([JSON_FORM, Buffer.byteLength(json)]);
  return JSON.parse(json);
}

test.for(REFUSALS)(
  '%i at %s is an error with a code, in the requested media type',
  async ([status, path, init, env = {}]) => {
    const { server } = await startService({ env });
    const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string>) };
    const ask = async (accept: string) =>
      server.fetch(`http://localhost${path}`, { ...init, headers: { ...headers, accept } });
    await ask('*/*');
    for (const [accept, form] of [
      ['application/json', JSON_FORM],
      ['application/json;q=0.1, application/graphql-response+json', GRAPHQL_FORM],
      ['text/event-stream', STREAM],
      ['multipart/mixed', MULTIPART],
      ...(path === '/graphql' || path.includes('?') ? [] : [['application/xml', JSON_FORM] as const]),
    ] as const) {
      const response = await ask(accept);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe(form);
      expect(response.headers.has('allow')).toBe(status === 405);
      expect(errorsIn(await response.text(), form)).toEqual({
        errors: [
          {
            message: expect.stringMatching(/\w/),
            extensions: { code: expect.stringMatching(/^[A-Z_]+$/), requestId: expect.any(String) },
          },
        ],
      });
    }
  },
);

test('an Allow header names the methods of the path', async () => {
  const { server } = await startService();
  const allowedAt = async (path: string) =>
    (await server.fetch(`http://localhost${path}`, { method: 'PUT' })).headers.get('allow');
  expect(await allowedAt('/graphql')).toBe('GET, HEAD, POST');
  expect(await allowedAt('/metrics')).toBe('GET, HEAD');
});

/** One service for all of them, because each renders the page again. */
const { server: pages } = await createParts();

test.for<[accept: string, isPage: boolean]>([
  ['text/html', true],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['TEXT/HTML', true],
  ['application/json, text/html;q=0.9', false],
  ['application/json;q=0.5, text/html;q=0.9', true],
  ['text/html;q=0, */*', false],
  ['*/*', false],
])('a client gets a page if it prefers HTML: "%s" %j', async ([accept, isPage]) => {
  for (const method of ['GET', 'HEAD']) {
    const init: RequestInit = { method, headers: { accept }, redirect: 'manual' };
    const page = await pages.fetch('http://localhost/graphql?query={__typename}', init);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe(isPage ? 'text/html; charset=utf-8' : JSON_FORM);
    const home = await pages.fetch('http://localhost/', init);
    expect(home.status).toBe(isPage ? 302 : 404);
    expect(home.headers.get('location')).toBe(isPage ? './graphql' : null);
  }
});

test('without GraphiQL a browser gets no page', async () => {
  const { server } = await startService({ env: { GRAPHIQL: 'false' } });
  const accept = 'text/html,*/*;q=0.8';
  expect((await server.fetch('http://localhost/', { headers: { accept } })).status).toBe(404);
  expect((await server.fetch('http://localhost/graphql', { headers: { accept: 'text/html' } })).status).toBe(
    406,
  );
});
