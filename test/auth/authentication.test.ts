import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import { apiKeyEntry, QUERY, statusOf } from '../support/authentication.ts';
import { startService } from '../support/service.ts';

const KEY = 'certway_key';
const env = { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', KEY) };

const start = async () => {
  const service = await startService({ env, emulator: { examples: [{ createdDate: new Date() }] } });
  const at = async (path: string, init: RequestInit = {}) =>
    service.server.fetch(`http://localhost${path}`, init);
  return { ...service, at };
};

const LIST = JSON.stringify({ query: '{ clientCertificates { nodes { id } } }' });
const JSON_POST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: LIST };

describe('without credentials', () => {
  test.each<[string, string, RequestInit]>([
    ['a query', '/graphql', JSON_POST],
    ['a query in the URL', '/graphql?query=%7B__typename%7D', {}],
    ['the introspection', '/graphql', { ...JSON_POST, body: '{"query":"{__schema{types{name}}}"}' }],
    ['nothing', '/graphql', {}],
    ['a body that is no JSON', '/graphql', { ...JSON_POST, body: '{' }],
    ['a document that is no GraphQL', '/graphql', { ...JSON_POST, body: '{"query":"{{{"}' }],
    ['a body that is too large', '/graphql', { ...JSON_POST, body: 'x'.repeat(300_000) }],
    [
      'a body of another type',
      '/graphql',
      { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'x' },
    ],
    ['a method that GraphQL does not have', '/graphql', { method: 'DELETE' }],
    ['the metrics', '/metrics', {}],
    ['a slash behind the endpoint', '/graphql/', JSON_POST],
    ['the endpoint in a query string', '/any?/graphql', JSON_POST],
    ['the endpoint in the query string of an open path', '/health/x?/graphql', JSON_POST],
    ['the endpoint with a query string', '/graphql?a=/b', JSON_POST],
    ['the endpoint below another path', '/any/graphql', JSON_POST],
  ])('%s is refused before any of it is read', async (_, path, init) => {
    const { at, calls } = await start();
    const response = await at(path, init);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="certway"');
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'This service needs credentials.',
          extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
        },
      ],
    });
    expect(calls).toEqual([]);
  });

  test('the response has the type that the client accepts, and a request id', async () => {
    const { at } = await start();
    const accept = 'application/graphql-response+json, application/json;q=0.9';
    const response = await at('/graphql', { headers: { accept, 'x-request-id': 'req-42' } });
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect(response.headers.get('x-request-id')).toBe('req-42');
  });

  test('/health answers', async () => {
    const { at } = await start();
    expect(await statusOf(await at('/health'))).toBe(200);
  });

  test('a browser gets the GraphiQL page, which contains no secret', async () => {
    const { at } = await start();
    expect(await statusOf(await at('/graphql', { headers: { accept: 'text/html' } }))).toBe(200);
  }, 30_000);

  test('an OPTIONS request needs no credentials, and reaches nothing', async () => {
    const { at, calls } = await start();
    for (const init of [{}, { headers: JSON_POST.headers, body: LIST }]) {
      const response = await at('/graphql?query=%7B__typename%7D', { method: 'OPTIONS', ...init });
      expect(response.status).not.toBe(401);
      expect(await response.text()).not.toContain('data');
    }
    expect(calls).toEqual([]);
  });
});

test('with credentials, the other spellings of the endpoint work as they do without AUTH', async () => {
  const { at } = await start();
  const headers = { ...JSON_POST.headers, authorization: `Bearer ${KEY}` };
  for (const path of ['/graphql', '/graphql/', '/graphql?a=/b'])
    expect(await statusOf(await at(path, { ...JSON_POST, headers }))).toBe(200);
});

test('with AUTH=none anyone may do anything, and credentials are ignored', async () => {
  const { post, query } = await startService();
  const mutation = 'mutation { generateClientCertificate(input: {}) { __typename } }';
  expect(await query(mutation)).toEqual({
    data: { generateClientCertificate: { __typename: 'GenerateClientCertificatePayload' } },
  });
  expect(await statusOf(await post(QUERY, { authorization: 'Bearer nonsense' }))).toBe(200);
});

test('a connection can be reused after a refusal, however much of the body was unread', async () => {
  const { server } = await start();
  const http = createServer(server.listener);
  const { port } = new URL(await listen(http));
  const socket = connect(Number(port), '127.0.0.1');
  const send = (authorization: string, body: string) =>
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${authorization}` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => {
    received += text;
  });
  const until = async (pattern: RegExp) => {
    while (!pattern.test(received)) await once(socket, 'data');
  };
  send('', `${LIST}${' '.repeat(100_000)}`);
  await until(/HTTP\/1\.1 401.*UNAUTHENTICATED/s);
  send(`Authorization: Bearer ${KEY}\r\n`, LIST);
  await until(/HTTP\/1\.1 200.*"nodes"/s);
  socket.destroy();
  await stop(http);
});
