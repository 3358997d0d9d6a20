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
