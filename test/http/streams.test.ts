import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { HttpResponse } from '../../src/exchange.ts';
import { createNodeListener } from '../../src/http/node-adapter.ts';
import { turns } from '../support/clock.ts';

/** A client that has asked for this body, and has not read it yet. */
async function ask(body: HttpResponse['body']) {
  const listener = createNodeListener(() => ({ status: 200, headers: {}, body }));
  const http = createServer(listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    http.close();
  });
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await once(socket, 'readable');
  await turns();
  return socket;
}

test('a stream is asked for more when its client has taken what came before', async () => {
  let asked = 0;
  async function* chunks() {
    for (;;) {
      asked += 1;
      yield new Uint8Array(64 * 1024 * 1024); // more than the sockets of both sides take
    }
  }
  const socket = await ask(chunks());
  expect(asked).toBe(1);
  socket.resume();
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(1);
});

test('a stream ends when its client leaves, although it has not taken what came before', async () => {
  const ended = Promise.withResolvers<string>();
  async function* chunks() {
    try {
      for (;;) yield new Uint8Array(64 * 1024 * 1024);
    } finally {
      ended.resolve('ended');
    }
  }
  const socket = await ask(chunks());
  socket.destroy();
  expect(await ended.promise).toBe('ended');
});

test('a stream that fails closes the connection, without the end of the response', async () => {
  const failing = Promise.withResolvers<void>();
  async function* chunks() {
    yield new TextEncoder().encode('a');
    await failing.promise;
    throw new Error('broken');
  }
  const socket = await ask(chunks());
  failing.resolve();
  let received = '';
  for await (const part of socket.setEncoding('utf8')) received += part;
  expect(received).toContain('\r\n\r\n1\r\na\r\n');
  expect(received).not.toContain('0\r\n\r\n');
});
