import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { generateRsaKeyPair } from '../../src/emulator/x509.ts';
import { emulate } from '../emulator/support.ts';
import { listen as listenTo } from '../subscription/support.ts';
import { post, run, serve, serveOn } from '../support/process.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The service with a request in flight, which is answered once `answer` was called. */
async function serveSlowly() {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { url } = await emulate({
    generateKeyPair: async () => {
      arrive();
      await answered;
      return generateRsaKeyPair();
    },
  });
  const service = await serveOn(url);
  const response = post(service.url, 'mutation { generateClientCertificate(input: {}) { __typename } }');
  response.catch(() => undefined); // a test that needs the response awaits it
  await arrived;
  return { ...service, answer, response };
}

/** Resolves once nothing listens there any more. */
async function untilClosed(url: string): Promise<void> {
  await vi.waitFor(() => expect(fetch(url)).rejects.toThrow('fetch failed'), { timeout: 20_000 });
}

test.each(SIGNALS)('%s ends the service, exit 0', async (signal) => {
  const { child, end, url } = await serve();
  child.kill(signal);
  expect(await end()).toMatchObject({ code: 0, stderr: '' });
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test.each(SIGNALS)('%s ends the emulator alone, exit 0', async (signal) => {
  const { child, end, printed } = await run(['emulator']);
  await printed(/--endpoint-url/);
  child.kill(signal);
  expect(await end()).toMatchObject({ code: 0, stderr: '' });
});

test.each([
  ['check', 'SIGTERM', 143],
  ['check', 'SIGINT', 130],
  ['notify', 'SIGTERM', 143],
  ['notify', 'SIGINT', 130],
] as const)('certway %s has a listener for %s, exit %i', async (command, signal, code) => {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  onTestFinished(() => release());
  const { url } = await emulate({
    fault: () => {
      ask();
      return { kind: 'held', until: released };
    },
  });
  const { child, end } = await run([command], {
    UPSTREAM: 'aws',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_API_GATEWAY: url,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    NOTIFY_WEBHOOKS: 'http://127.0.0.1:9/ format=slack',
  });
  await asked;
  child.kill(signal);
  expect(await end()).toMatchObject({ code, stdout: '', stderr: '' });
});

test('the shutdown does not wait for idle connections', async () => {
  const { child, end, url } = await serve();
  for (const sent of ['', 'POST /graphql HTTP/1.1\r\nhost:']) {
    const connection = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void connection.destroy());
    await once(connection, 'connect');
    connection.write(sent);
  }
  const idle = await post(url, '{ __typename }');
  expect(idle.headers.get('connection')).toBe('keep-alive');
  child.kill('SIGTERM');
  expect(await end()).toMatchObject({ code: 0, stderr: '' });
});

test('a request in flight is answered, and its connection is closed', async () => {
  const { child, end, url, answer, response } = await serveSlowly();
  child.kill('SIGTERM');
  await untilClosed(url);
  expect(child.exitCode).toBe(null);
  answer();
  expect(await (await response).json()).toEqual({
    data: { generateClientCertificate: { __typename: 'GenerateClientCertificatePayload' } },
  });
  expect((await response).headers.get('connection')).toBe('close');
  expect(await end()).toMatchObject({ code: 0, stderr: '' });
});

test('subscriptions are ended, and hold nothing up', async () => {
  const { child, end, url } = await serve({ DRAIN_TIMEOUT_MS: '60000' });
  const query = 'subscription { clientCertificatesChanged { changes { kind } } }';
  const events = listenTo(await post(url, query, { accept: 'text/event-stream' }));
  expect((await events.next())?.data).toEqual({ clientCertificatesChanged: { changes: [] } });
  child.kill('SIGTERM');
  expect(await events.next()).toBe(undefined);
  expect(await end()).toMatchObject({ code: 0, stderr: '' });
});

const HEALTH = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';

test.for([
  ['has never asked', 0],
  ['has asked before', 1],
] as const)('a connection that %s may send one more request during the shutdown', async ([, asksBefore]) => {
  const { child, end, url, answer, response } = await serveSlowly();
  const connection = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
  onTestFinished(() => void connection.destroy());
  await once(connection, 'connect');
  for (let asked = 0; asked < asksBefore; asked += 1) {
    connection.write(HEALTH);
    expect((await once(connection, 'data'))[0]).toContain('\r\nConnection: keep-alive\r\n');
  }
  await post(url, '{ __typename }');
  child.kill('SIGTERM');
  await untilClosed(url);
  connection.write(HEALTH);
  let received = '';
  for await (const text of connection) received += text;
  expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(received).toContain('\r\nConnection: close\r\n');
  answer();
  expect((await response).status).toBe(200);
  expect(await end()).toMatchObject({ code: 0, stderr: '' });
});

test('a second signal ends the process at once, exit 1', async () => {
  const { child, end, url, response } = await serveSlowly();
  child.kill('SIGTERM');
  await untilClosed(url);
  await setTimeout(400); // earlier it would be taken for the same signal
  child.kill('SIGINT');
  expect(await end()).toMatchObject({ code: 1, stderr: '' });
  await expect(response).rejects.toThrow('fetch failed');
});

test('a signal that arrives twice at once, as from a terminal under npm, counts once', async () => {
  const { child, end, url, answer, response } = await serveSlowly();
  child.kill('SIGINT');
  child.kill('SIGINT');
  await untilClosed(url);
  answer();
  expect((await response).status).toBe(200);
  expect(await end()).toMatchObject({ code: 0, stderr: '' });
});

test('a log reader that stops reading delays neither responses nor the shutdown', async () => {
  const { child, url, query } = await serve();
  child.stdout.pause();
  for (let i = 0; i < 40; i += 1)
    await Promise.all(Array.from({ length: 50 }, () => query('{ __typename }'))); // 400 KB of lines
  expect((await fetch(url.replace('/graphql', '/health'))).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  child.stdout.resume();
});
