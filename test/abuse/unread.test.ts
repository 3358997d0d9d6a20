import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { serve, serveOn } from '../support/process.ts';
import { ATTACK_MS } from './attack.ts';
import { closeAfterTest, open } from './connections.ts';
import { hangingJwks } from './hanging-jwks.ts';
import { measure } from './measure.ts';
import { pipeline } from './pipeline.ts';

/** This many responses of 500 kB fill the system's buffers of a connection. */
const FILLING = 20;

/** Rendering GraphiQL's page alone takes 300 MiB. */
const MAX_MIB = 650;

const post = (query: string, headers = '', variables = {}) => {
  const body = JSON.stringify({ query, variables });
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
};
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;

const isAlive = async ({ url }: { url: string }) =>
  expect((await fetch(new URL('/health', url))).status).toBe(200);

const KEY = { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', 'secret') };

for (const clients of [1, 40]) {
  test.for<[what: string, request: string, env: Record<string, string>]>([
    ['{ __typename }', post('{ __typename }'), {}],
    ['401s', post('{ __typename }'), KEY],
    ['/health', get('/health'), {}],
    ["GraphiQL's page", get('/graphql', 'accept: text/html\r\n'), {}],
    ['requests that expect something unknown', get('/health', 'expect: something\r\n'), {}],
    ['requests without a host', 'GET /health HTTP/1.1\r\n\r\n', {}],
    ['404s', get('/nowhere'), {}],
    ['a page of certificates', post('{ clientCertificates { nodes { id pemEncodedCertificate } } }'), {}],
  ])(`${clients} that ask without reading: %s`, async ([what, request, env]) => {
    const service = await serve({ LOG_LEVEL: 'silent', ...env });
    const { peakMiB } = await measure(`${what}, unread, ${clients} clients`, service, () =>
      pipeline(service.url, clients, request, ATTACK_MS),
    );
    expect(peakMiB).toBeLessThan(MAX_MIB);
    await isAlive(service);
  });

  test(`${clients} that send tokens while the JWKS server hangs`, async () => {
    const { env, token } = await hangingJwks();
    const service = await serve({ LOG_LEVEL: 'silent', ...env });
    const request = post('{ __typename }', `authorization: Bearer ${token}\r\n`);
    const { peakMiB } = await measure(`a server of keys that hangs, ${clients} clients`, service, () =>
      pipeline(service.url, clients, request, ATTACK_MS),
    );
    expect(peakMiB).toBeLessThan(MAX_MIB);
    await isAlive(service);
  });
}

test.for([1, 100])('%i that do not read a response of 7 MB', async (clients) => {
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`key${i}`, 'x'.repeat(256)]));
  const createdDate = new Date('2026-11-01T00:00:00Z');
  const examples = Array.from({ length: 60 }, (_, i) => ({ id: `c${i}`, createdDate, tags }));
  const { url: endpoint } = await emulate({ examples });
  const service = await serveOn(endpoint, { LOG_LEVEL: 'silent' });
  const aliases = Array.from({ length: 8 }, (_, i) => `a${i}: tags { key value }`);
  const query = (n: number) =>
    `{ clientCertificates(first: 60) { nodes { m${n}: id ${aliases.join(' ')} } } }`;
  const first = await fetch(service.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: query(1000) }),
  });
  expect((await first.text()).length).toBeGreaterThan(6_000_000);
  const { peakMiB } = await measure(`7 MB, unread, ${clients} clients`, service, async () => {
    const sockets = await Promise.all(Array.from({ length: clients }, () => open(service.url)));
    closeAfterTest(sockets);
    for (const [i, socket] of sockets.entries()) socket.pause().write(post(query(i)));
    await wait(ATTACK_MS);
  });
  expect(peakMiB).toBeLessThan(1.5 * MAX_MIB); // garbage counts too
  await isAlive(service);
});

test.for([1, 400])('%i that do not read the errors of a change', async (clients) => {
  const service = await serve({ LOG_LEVEL: 'silent' });
  const aliases = Array.from({ length: 98 }, (_, i) => `a${i}: message`);
  const query = `mutation ($tags: [TagInput!]!) {
    generateClientCertificate(input: { tags: $tags }) { ... on InvalidInputError { issues { ${aliases.join(' ')} } } }
  }`;
  const tags = Array.from({ length: 50 }, (_, i) => ({
    key: `aws:${'\u0001'.repeat(140)}${i}`,
    value: '\u0001'.repeat(300),
  }));
  const { peakMiB } = await measure(`5 MB of complaints, unread, ${clients} clients`, service, async () => {
    const sockets = await Promise.all(Array.from({ length: clients }, () => open(service.url)));
    closeAfterTest(sockets);
    for (const socket of sockets) socket.pause().write(post(query, '', { tags }));
    await wait(2 * ATTACK_MS);
  });
  expect(peakMiB).toBeLessThan(2 * MAX_MIB); // 1895 MiB without the bound; most of it is garbage
  await isAlive(service);
});

test.for([1, 1000])('%i that do not read cached responses', async (clients) => {
  const service = await serve({ LOG_LEVEL: 'silent', CACHE_TTL_MS: '60000' });
  const aliases = Array.from({ length: 90 }, (_, i) => `a${i}: pemEncodedCertificate`);
  const query = (n: number) =>
    `{ clientCertificates(first: 60) { nodes { m${n}: id ${aliases.join(' ')} } } }`;
  const sockets = await Promise.all(Array.from({ length: clients }, () => open(service.url)));
  closeAfterTest(sockets);
  const { peakMiB } = await measure(`kept answers, unread, ${clients} clients`, service, async () => {
    for (const [i, socket] of sockets.entries()) {
      for (const _ of ['asked', 'kept'])
        await (
          await fetch(service.url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query: query(i) }),
          })
        ).bytes();
      socket.pause().write(post(query(i)).repeat(FILLING));
    }
    await wait(1000);
  });
  expect(peakMiB).toBeLessThan(600); // of which 64 are responses, and the rest is garbage
  await isAlive(service);
});
