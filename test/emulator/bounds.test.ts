import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { untilClosed } from '../support/running-service.ts';
import { AUTHORIZATION, emulate } from './support.ts';

const CLOSE = 'connection: close\r\n';
const SIGNED = `authorization: ${AUTHORIZATION}\r\n`;
const get = (headers = '') =>
  `GET /clientcertificates HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n${SIGNED}${headers}\r\n`;
const post = (bytes: number, headers: string) =>
  `POST /clientcertificates HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes}\r\n${headers}\r\n`;
const statuses = (received: string) =>
  Array.from(received.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => Number(status));

async function send(url: string, text: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => undefined); // a reset is one of the ways to be cut off
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** An emulator of which the first answer is held back. */
async function holdFirst() {
  const { promise: until, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: onBegin } = Promise.withResolvers<void>();
  const calls: string[] = [];
  const emulator = await emulate({
    fault: (operation) => {
      onBegin();
      return calls.push(operation) === 1 ? { kind: 'held', until } : undefined;
    },
  });
  return { ...emulator, calls, begun, release };
}

test('a request begins once the answer before it on the connection is out', async () => {
  const { url, calls, begun, release } = await holdFirst();
  const received = untilClosed(await send(url, get() + get(CLOSE)));
  await begun;
  for (let i = 0; i < 20; i += 1) await endOfTurn();
  expect(calls).toHaveLength(1);
  release();
  expect(statuses(await received)).toEqual([200, 200]);
});

test('a connection with more than a hundred requests that wait is closed, and they are not begun', async () => {
  const { url, calls } = await holdFirst();
  expect(await untilClosed(await send(url, get().repeat(102)))).toBe('');
  expect(calls).toHaveLength(1);
});

test('a body that says that it is above 512 KiB is refused before it comes', async () => {
  const { url } = await emulate();
  const received = await untilClosed(await send(url, post(512 * 1024 + 1, SIGNED + CLOSE)));
  expect(statuses(received)).toEqual([413]);
  expect(received).toContain('x-amzn-errortype: RequestEntityTooLargeException\r\n');
});

test.each([
  ['without credentials', CLOSE, 'MissingAuthenticationTokenException'],
  ['of a page', `${SIGNED}origin: https://example.com\r\n${CLOSE}`, 'AccessDeniedException'],
])('a request %s is refused before its body comes', async (_, headers, errorType) => {
  const { url } = await emulate();
  const received = await untilClosed(await send(url, post(100, headers)));
  expect(statuses(received)).toEqual([403]);
  expect(received).toContain(`x-amzn-errortype: ${errorType}\r\n`);
});

test('what is wrong with a request is told though others wait behind it, and they are answered', async () => {
  const { url } = await emulate();
  const refused = `${post(2, '')}{}${post(2, 'origin: null\r\n')}{}`;
  const received = await untilClosed(await send(url, refused + get() + get(CLOSE)));
  expect(statuses(received)).toEqual([403, 403, 200, 200]);
});

test('a client that goes away behind a body that is too large hurts nobody', async () => {
  const { url, http, server } = await emulate();
  const closed = new Promise((resolve) => {
    server.once('request', (_, response) => response.once('close', resolve));
  });
  const socket = await send(url, `${post(11_000_000, SIGNED)}{"desc`);
  await once(socket, 'data');
  socket.resetAndDestroy();
  await closed;
  expect((await http('/clientcertificates')).body).toEqual({ item: [] });
});

test('a body that comes in tiny pieces is not taken, though it is there in the end', async () => {
  const { url, http } = await emulate();
  const pieces = Array.from(`{}${' '.repeat(2000)}`, (piece) => `1\r\n${piece}\r\n`).join('');
  const chunked = `${post(0, SIGNED).replace('content-length: 0', 'transfer-encoding: chunked')}${pieces}0\r\n\r\n`;
  expect(await untilClosed(await send(url, chunked))).toBe('');
  expect((await http('/clientcertificates')).body).toEqual({ item: [] });
});

test.each([
  ['expects something unknown', get('expect: something\r\n')],
  ['has no host', get().replace('host: x\r\n', '')],
])('a request that %s counts among those that are sent ahead', async (_, request) => {
  const { url, begun } = await holdFirst();
  const socket = await send(url, get());
  await begun;
  socket.write(request.repeat(101));
  expect(await untilClosed(socket)).toBe('');
});

test('a request that expects something unknown is answered, one without a host refused', async () => {
  const { url } = await emulate();
  const requests = get('expect: something\r\n') + get().replace('host: x\r\n', '') + get(CLOSE);
  expect(statuses(await untilClosed(await send(url, requests)))).toEqual([200, 400, 200]);
});
