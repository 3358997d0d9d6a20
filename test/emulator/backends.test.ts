import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createBackends } from '../../src/emulator/backends/backends.ts';
import { listen, stop } from './support.ts';

const request = (url: string, signal?: AbortSignal) => ({
  url: new URL(url),
  method: 'GET',
  headers: {},
  body: Buffer.alloc(0),
  identity: undefined,
  insecureSkipVerification: false,
  timeoutMs: 10_000,
  signal,
});

test('a backend is not called if nobody waits for its response', async () => {
  const backend = createServer((_, response) => response.end());
  const url = await listen(backend);
  onTestFinished(() => stop(backend));
  const call = createBackends([], undefined)(request(url, AbortSignal.abort()));
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});

test('a call with CONNECT ends, though Node reports no response of it', async () => {
  const backend = createServer();
  backend.on('connect', (_, socket) => {
    onTestFinished(() => void socket.destroy());
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  });
  const url = await listen(backend);
  onTestFinished(() => stop(backend));
  const call = createBackends([], undefined)({ ...request(url), method: 'CONNECT' });
  await expect(call).rejects.toThrow('The backend has changed the protocol.');
});
