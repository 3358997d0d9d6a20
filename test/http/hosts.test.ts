import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import { createHostCheck } from '../../src/http/hosts.ts';
import { emulate } from '../emulator/support.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { runService, untilClosed } from '../support/running-service.ts';
import { startService } from '../support/service.ts';

const GENERATE = { query: 'mutation { generateClientCertificate(input: {}) { __typename } }' };

const GOOD = [
  'localhost',
  'localhost:4000',
  'LOCALHOST.',
  'certway.localhost:80',
  '127.0.0.1:4000',
  '10.1.2.3',
  '[::1]:4000',
  '[2001:db8::1]',
];
const BAD = [
  'evil.example',
  'evil.example:4000',
  'localhost.evil.example',
  '127.0.0.1.evil.example:80',
  'evil.example:127.0.0.1',
  '127.0.0.1@evil.example',
  'notlocalhost',
  '[::1].evil.example',
  '[evil.example]',
];

describe('a request without AUTH', () => {
  test.for(GOOD)('may be for %s', async (host) => {
    const { post } = await startService();
    expect((await post({ query: '{ __typename }' }, { host })).status).toBe(200);
  });

  test.for(BAD)('is refused if it is for %s, before anything happens', async (host) => {
    const { calls, post } = await startService();
    const response = await post(GENERATE, { host, accept: 'application/graphql-response+json' });
    expect(response.status).toBe(421);
    expect(response.headers.get('content-type')).toContain('application/graphql-response+json');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'HOST_REFUSED' } }] });
    expect(calls).toEqual([]);
  });

  test.for(['/health', '/metrics', '/graphql', '/'])('is refused at %s too', async (path) => {
    const { server } = await startService();
    const headers = { host: 'evil.example', accept: 'text/html' };
    expect((await server.fetch(`http://localhost${path}`, { headers })).status).toBe(421);
  });

  test('may be for the hosts of HOST and ALLOWED_HOSTS', async () => {
    const env = { ALLOWED_HOSTS: 'certway.example.com, portal', HOST: 'here', ALLOW_UNAUTHENTICATED: 'true' };
    const { post } = await startService({ env });
    for (const [host, status] of [
      ['Certway.Example.com:8443', 200],
      ['portal', 200],
      ['here:4000', 200],
      ['example.com', 421],
      ['portal', 200],
    ] as const)
      expect((await post({ query: '{ __typename }' }, { host })).status).toBe(status);
  });
});

test('with AUTH, a request may be for any host, unless ALLOWED_HOSTS is set', async () => {
  const auth = { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', 'secret') };
  const headers = { host: 'evil.example', 'x-api-key': 'secret' };
  const statusWith = async (env: Record<string, string>) =>
    (await (await startService({ env })).post({ query: '{ __typename }' }, headers)).status;
  expect(await statusWith(auth)).toBe(200);
  expect(await statusWith({ ...auth, ALLOWED_HOSTS: 'certway' })).toBe(421);
});

describe('on a connection', () => {
  const answerTo = async (text: string) => {
    const { send } = await runService();
    return untilClosed(await send(text));
  };

  test('two Host headers are a bad request', async () => {
    const twice =
      'GET /health HTTP/1.1\r\nHost: localhost\r\nconnection: close\r\nhost: evil.example\r\n\r\n';
    expect(await answerTo(twice)).toMatch(/^HTTP\/1\.1 400 .*several/s);
  });

  test('the host of an absolute URL takes precedence over the header', async () => {
    const requestFor = (target: string, host: string) =>
      `GET ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
    expect(await answerTo(requestFor('http://evil.example/health', 'localhost'))).toMatch(/^HTTP\/1\.1 421 /);
    expect(await answerTo(requestFor('http://localhost/health', 'evil.example'))).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('HTTP/1.0 needs no host', async () => {
    expect(await answerTo('GET /health HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('a request without an HTTP version is a bad request', async () => {
    expect(await answerTo('GET /health\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test('the emulator refuses requests of pages, by host and by origin', async () => {
  const { url, client } = await emulate({ isAllowedHost: createHostCheck([]) });
  const statusOf = async (headers: Record<string, string>): Promise<number | undefined> => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=a/20261128/us-east-1/apigateway/aws4_request';
    const asked = request(`${url}/clientcertificates`, {
      method: 'POST',
      headers: { authorization, ...headers },
    }).end();
    const [response]: IncomingMessage[] = await once(asked, 'response');
    return response?.resume().statusCode;
  };
  expect(await statusOf({ origin: 'http://evil.example' })).toBe(403);
  expect(await statusOf({ host: 'evil.example' })).toBe(403);
  expect((await client.send(new GetClientCertificatesCommand())).items).toEqual([]);
  expect(await statusOf({ host: 'localhost:4001' })).toBe(201);
});
