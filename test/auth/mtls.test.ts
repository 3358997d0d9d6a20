import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AUTHORITY, ask, runTlsService } from '../http/tls-support.ts';
import { CHANGES } from '../subscription/support.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { createIdentity } from '../support/identities.ts';

const READ = '{ viewer { name scopes } }';
const client = (name: string, days = 1) => {
  const { cert, key } = createIdentity({ name, issuer: AUTHORITY, days });
  return { cert, key };
};
const LIST = '{ clientCertificates(first: 1) { nodes { id } } }';

test('the common name of a client certificate is the name of the caller, with its scopes', async () => {
  const { open, operations } = await runTlsService(
    { MTLS_CLIENTS: 'portal client-certificates:read stages:write, * client-certificates:write' },
    true,
  );
  const portal = await open(client('portal'));
  expect((await ask(portal, '/graphql', LIST)).body).toContain('"nodes"');
  const other = await open(client('somebody'));
  expect((await ask(other, '/graphql', LIST)).body).toContain('FORBIDDEN');
  expect(operations).toMatchObject([{ viewer: 'portal' }, { viewer: 'somebody' }]);
});

test('by default a client certificate is enough to read, and for nothing else', async () => {
  const { open } = await runTlsService({}, true);
  const socket = await open(client('reader'));
  expect((await ask(socket, '/graphql', LIST)).body).toContain('"nodes"');
  const write = 'mutation { generateClientCertificate(input: {}) { __typename } }';
  expect((await ask(socket, '/graphql', write)).body).toContain('FORBIDDEN');
});

test('a name without an entry may do nothing if there is no entry for all others', async () => {
  const { open } = await runTlsService({ MTLS_CLIENTS: 'portal client-certificates:read' }, true);
  expect((await ask(await open(client('else')), '/graphql', LIST)).body).toContain('FORBIDDEN');
});

test('health checks need no certificate, everything else does', async () => {
  const { open } = await runTlsService({}, true);
  for (const path of ['/health', '/ready'])
    expect(await ask(await open(), path)).toMatchObject({ status: 200 });
  for (const path of ['/metrics', '/trust-bundle/pem'])
    expect(await ask(await open(), path)).toMatchObject({ status: 401 });
  expect(await ask(await open(), '/graphql', READ)).toMatchObject({ status: 401 });
});

test('everyone gets the page, which learns whether the browser has shown a certificate', async () => {
  const { open } = await runTlsService({}, true);
  const told = async (socket: Awaited<ReturnType<typeof open>>) =>
    JSON.parse((await ask(socket, '/page.json')).body).auth;
  expect(await told(await open())).toEqual({ kind: 'mtls', isSignedIn: false });
  expect(await told(await open(client('reader')))).toEqual({ kind: 'mtls', isSignedIn: true });
});

test('a certificate of another authority, or one that has expired, is refused', async () => {
  const { open, log } = await runTlsService({}, true);
  const stranger = createIdentity({ name: 'portal', issuer: createIdentity({ name: 'Other authority' }) });
  const self = createIdentity({ name: 'portal' });
  for (const { cert, key } of [stranger, self, client('portal', -1)])
    expect(await ask(await open({ cert, key }), '/graphql', READ)).toMatchObject({ status: 401 });
  expect(log.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a certificate of an authority that only has the same name is refused, by a 401 or the end of the connection', async () => {
  const { open, operations } = await runTlsService({}, true);
  const forged = createIdentity({ name: 'portal', issuer: createIdentity({ name: AUTHORITY.name }) });
  const socket = await open({ cert: forged.cert, key: forged.key });
  // a wrong signature makes OpenSSL fail at the next read, unless the request has come by then
  const { status, code } = await ask(socket, '/graphql', READ).then(
    (answer) => ({ status: answer.status, code: undefined }),
    (error) => ({ status: undefined, code: error.code }),
  );
  expect([401, 'ECONNRESET', 'EPIPE']).toContain(status ?? code);
  expect(operations).toEqual([]);
});

test('with API keys, a caller needs both a certificate and a key', async () => {
  const env = { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', 'hush') };
  const { open, operations } = await runTlsService(env, true);
  const headers = { 'x-api-key': 'hush' };
  expect(await ask(await open(), '/graphql', LIST, headers)).toMatchObject({ status: 401 });
  const socket = await open(client('machine'));
  expect(await ask(socket, '/graphql', LIST)).toMatchObject({ status: 401 });
  expect(await ask(socket, '/graphql', LIST, headers)).toMatchObject({ status: 200 });
  expect(operations).toMatchObject([{ viewer: 'portal' }]);
});

test('once other authorities are trusted, an old connection ends with its next answer, and cannot be resumed', async () => {
  const { open, files, check } = await runTlsService({}, true);
  const identity = client('portal');
  const old = await open(identity);
  const session = new Promise<Buffer>((resolve) => old.once('session', resolve));
  expect(await ask(old, '/graphql', LIST)).toMatchObject({ status: 200, connection: 'keep-alive' });
  const other = createIdentity({ name: 'Other authority' });
  await writeFile(files.ca, other.cert);
  check();
  expect(await ask(old, '/graphql', LIST)).toMatchObject({ status: 200, connection: 'close' });
  expect(await ask(await open({ ...identity, session: await session }), '/graphql', LIST)).toMatchObject({
    status: 401,
  });
  const { cert, key } = createIdentity({ name: 'portal', issuer: other });
  expect(await ask(await open({ cert, key }), '/graphql', LIST)).toMatchObject({ status: 200 });
});

test('a connection that began before other authorities were trusted ends with its next answer, also if its handshake came after it', async () => {
  const { open, port, files, check } = await runTlsService({}, true);
  const tcp = connect(port, '127.0.0.1');
  onTestFinished(() => void tcp.destroy());
  await once(tcp, 'connect');
  await open(); // connections are accepted in their order
  await writeFile(files.ca, createIdentity({ name: 'Other authority' }).cert);
  check();
  const old = await open({ ...client('portal'), socket: tcp });
  expect(await ask(old, '/graphql', LIST)).toMatchObject({ status: 200, connection: 'close' });
});

test.for([
  ['that began before other authorities were trusted', false],
  ['that begins on an older connection', true],
] as const)('a subscription %s is told nothing more, and its connection is closed', async ([, isLater]) => {
  const { open, files, check, log } = await runTlsService(
    { MTLS_CLIENTS: '* client-certificates:read client-certificates:write' },
    true,
  );
  const [removed, kept] = [await open(client('portal')), await open(client('ci'))];
  for (const socket of [removed, kept])
    expect(await ask(socket, '/graphql', LIST)).toMatchObject({ status: 200 });
  const trustOthers = async () => {
    await writeFile(files.ca, createIdentity({ name: 'Other authority' }).cert);
    check();
  };
  if (isLater) await trustOthers();
  const received = receivedBy(removed);
  const body = JSON.stringify({ query: CHANGES });
  removed.write(
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept: text/event-stream\r\n' +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  if (!isLater) {
    while (!received.text.includes('"changes":[]')) await once(removed, 'data');
    await trustOthers();
    const write = 'mutation { generateClientCertificate(input: { description: "secret" }) { __typename } }';
    expect(await ask(kept, '/graphql', write)).toMatchObject({ status: 200 });
  }
  await received.closed;
  expect(received.text).not.toContain('secret');
  if (isLater) expect(received.text).not.toContain('"changes"');
  await vi.waitFor(() => expect(log).toContainEqual(expect.objectContaining({ msg: 'subscription ended' })), {
    timeout: 50_000,
  });
  expect(log.filter(({ level }) => level === 'error')).toEqual([]);
});

/** What arrives on a connection, and its end. */
function receivedBy(socket: TLSSocket) {
  const received = { text: '', closed: new Promise((resolve) => socket.once('close', resolve)) };
  socket.setEncoding('utf8').on('data', (text: string) => {
    received.text += text;
  });
  socket.on('error', () => undefined); // a reset is one way to be closed
  return received;
}

test('authorities without authentication are refused, since they would say nothing', async () => {
  await expect(runTlsService({ AUTH: 'none' }, true)).rejects.toThrow(
    'TLS_CLIENT_CA_FILE: expected it with AUTH=mtls, AUTH=jwt or AUTH=api-key, got it with AUTH=none',
  );
});

test.each([
  [
    'portal',
    'entry 1: expected scopes (client-certificates:read client-certificates:write stages:write) after the name, got none',
  ],
  [
    'a client-certificates:read, b admin',
    'entry 2: expected scopes (client-certificates:read client-certificates:write stages:write), got "admin"',
  ],
  ['a stages:write,a stages:write', 'entry 2: expected no name twice, got "a" again'],
  [' , ', 'expected an entry, got none'],
])('MTLS_CLIENTS may not be "%s"', async (MTLS_CLIENTS, complaint) => {
  await expect(runTlsService({ MTLS_CLIENTS }, true)).rejects.toThrow(`MTLS_CLIENTS: ${complaint}`);
});
