import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../../src/time/clock.ts';
import { oneKeyPair } from '../emulator/support.ts';
import { requestOf, runService, untilClosed } from '../support/running-service.ts';

const GENERATE = 'mutation { generateClientCertificate(input: {}) { __typename } }';
const GENERATED = { data: { generateClientCertificate: { __typename: 'GenerateClientCertificatePayload' } } };

/** The service with a request in flight, which is answered once `answer` was called. */
async function runSlowly(env: Record<string, string>) {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const service = await runService({
    env,
    emulator: {
      generateKeyPair: async () => {
        arrive();
        await answered;
        return oneKeyPair;
      },
    },
  });
  const response = service.query(GENERATE);
  response.catch(() => undefined); // a test that needs the response awaits it
  await arrived;
  return { ...service, answer, response };
}

/** Resolves once nothing listens there any more. */
const untilClosedFor = async (url: string) =>
  vi.waitFor(() => expect(fetch(url)).rejects.toThrow('fetch failed'), { timeout: 50_000 });

test('the service is ready once it listens', async () => {
  const { status } = await runService();
  expect([await status('/ready'), await status('/health')]).toEqual([200, 200]);
});

test('during the drain delay the service is not ready, but still answers', async () => {
  const { promise: delayed, resolve: endDelay } = Promise.withResolvers<void>();
  const { query, status, stop, url } = await runService({
    env: { DRAIN_DELAY_MS: '5000' },
    clock: { wait: (ms, signal) => (ms === 5000 ? delayed : systemClock.wait(ms, signal)) },
  });
  const stopped = stop();
  expect(await status('/ready')).toBe(503);
  expect(await status('/health')).toBe(200);
  expect(await query('{ clientCertificates { totalCount } }')).toEqual({
    data: { clientCertificates: { totalCount: 0 } },
  });
  expect(await query(GENERATE)).toEqual(GENERATED);
  endDelay();
  await stopped;
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('the shutdown answers requests in flight', async () => {
  const { answer, response, stop, url } = await runSlowly({ DRAIN_TIMEOUT_MS: '20000' });
  const stopped = stop();
  await untilClosedFor(url);
  answer();
  expect(await response).toEqual(GENERATED);
  await stopped;
});

test('the shutdown answers all pipelined requests of a connection', async () => {
  const { answer, send, stop, url } = await runSlowly({ DRAIN_TIMEOUT_MS: '20000' });
  const socket = await send(requestOf(GENERATE) + requestOf('{ __typename }'));
  const received = untilClosed(socket);
  await fetch(`${url}/health`); // by then the others have arrived
  const stopped = stop();
  await untilClosedFor(url);
  answer();
  expect((await received).match(/{"data".*?}+/g)).toEqual([
    JSON.stringify(GENERATED),
    '{"data":{"__typename":"Query"}}',
  ]);
  await stopped;
});

test('the shutdown does not wait longer than DRAIN_TIMEOUT_MS', async () => {
  const { answer, response, stop } = await runSlowly({ DRAIN_TIMEOUT_MS: '50' });
  await stop();
  await expect(response).rejects.toThrow('fetch failed');
  answer();
});

test('the shutdown does not wait for a client that stalls its upload', async () => {
  const { send, stop } = await runService({ env: { DRAIN_TIMEOUT_MS: '50' } });
  const sockets = [];
  for (const length of [10, 70]) {
    const socket = await send(requestOf(GENERATE).slice(0, -length));
    sockets.push(untilClosed(socket));
  }
  await stop();
  expect(await Promise.all(sockets)).toEqual(['', '']);
});

test('the shutdown does not wait for a client that reads nothing', async () => {
  const { send, stop } = await runService({ env: { DRAIN_TIMEOUT_MS: '50' } });
  const socket = await send('GET /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n\r\n');
  await once(socket, 'readable');
  await stop();
  socket.resume();
  await untilClosed(socket);
});

test('a client that sends half of its headers is cut off', async () => {
  const { send, status } = await runService({ env: { HEADERS_TIMEOUT_MS: '100' } });
  const received = await untilClosed(await send('POST /graphql HTTP/1.1\r\nhost: localhost\r\nx-slow: '));
  expect(received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(await status('/health')).toBe(200);
});

test('a client that never ends its headers is cut off, however much it sends', async () => {
  const { send } = await runService({ env: { HEADERS_TIMEOUT_MS: '100' } });
  const socket = await send('POST /graphql HTTP/1.1\r\n');
  const timer = setInterval(() => socket.writable && socket.write('x: y\r\n'), 20);
  await untilClosed(socket);
  clearInterval(timer);
});

test('a client that sends nothing at all is cut off', async () => {
  const { send } = await runService({ env: { HEADERS_TIMEOUT_MS: '100' } });
  await untilClosed(await send(''));
});

test('a client that stalls its body is cut off after the time for headers and operation together', async () => {
  const { calls, send } = await runService({ env: { HEADERS_TIMEOUT_MS: '100', REQUEST_TIMEOUT_MS: '100' } });
  await untilClosed(await send(requestOf(GENERATE).slice(0, -10)));
  expect(calls.map(({ operation }) => operation)).not.toContain('GenerateClientCertificate');
});

test('an idle connection is closed', async () => {
  const { send } = await runService({ env: { IDLE_TIMEOUT_MS: '100' } });
  const received = await untilClosed(await send(requestOf('{ __typename }')));
  expect(received).toContain('{"data":{"__typename":"Query"}}');
  expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});
