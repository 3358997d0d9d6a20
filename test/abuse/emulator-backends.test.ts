import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AUTHORIZATION, listen, stop } from '../emulator/support.ts';
import { serve } from '../support/process.ts';
import { ATTACK_MS } from './attack.ts';
import { closeAfterTest, open } from './connections.ts';
import { measure } from './measure.ts';
import { pipeline } from './pipeline.ts';

const MAX_MIB = 800;
const PAYLOAD_BYTES = 10 * 1024 * 1024;

/** The service with an emulator, whose API has a backend that answers with the largest payload. */
async function serveWithBackend() {
  const payload = Buffer.alloc(PAYLOAD_BYTES);
  const backend = createServer((_, response) => response.end(payload));
  const uri = await listen(backend);
  onTestFinished(() => stop(backend));
  const service = await serve({ LOG_LEVEL: 'silent', EMULATOR_REQUESTS_PER_SECOND: '0' });
  const printed = await service.printed(/Emulator of API Gateway at http:[^ ]+(?=\. )/);
  const emulatorUrl = printed.split(' ').at(-1) ?? '';
  const ask = async (method: string, path: string, body: object) => {
    const headers = { authorization: AUTHORIZATION, accept: 'application/json' };
    const response = await fetch(emulatorUrl + path, { method, headers, body: JSON.stringify(body) });
    return response.json();
  };
  const { id, rootResourceId } = await ask('POST', '/restapis', { name: 'attacked' });
  const any = `/restapis/${id}/resources/${rootResourceId}/methods/ANY`;
  await ask('PUT', any, { authorizationType: 'NONE' });
  await ask('PUT', `${any}/integration`, { type: 'HTTP_PROXY', httpMethod: 'GET', uri });
  await ask('POST', `/restapis/${id}/deployments`, { stageName: 'prod' });
  return { ...service, emulatorUrl, path: `/_aws/execute-api/${id}/prod` };
}

/** A stage can be invoked again once the attackers have left. */
const isAlive = ({ emulatorUrl, path }: { emulatorUrl: string; path: string }) =>
  vi.waitFor(async () => expect((await fetch(emulatorUrl + path)).status).toBe(200), 60_000);

test.for([1, 40])('%i that invoke a stage without reading its answers of 10 MB', async (clients) => {
  const service = await serveWithBackend();
  const request = `GET ${service.path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
  const { peakMiB } = await measure(
    `answers of 10 MB from a backend, unread, ${clients} clients`,
    service,
    () => pipeline(service.emulatorUrl, clients, request, ATTACK_MS),
  );
  expect(peakMiB).toBeLessThan(MAX_MIB);
  await isAlive(service);
});

test.for([1, 40])('%i that hold back the last byte of payloads, on two connections each', async (clients) => {
  const service = await serveWithBackend();
  const sockets = await Promise.all(Array.from({ length: 2 * clients }, () => open(service.emulatorUrl)));
  closeAfterTest(sockets);
  const body = Buffer.alloc(PAYLOAD_BYTES - 1);
  const { peakMiB } = await measure(
    `${sockets.length} payloads of 10 MB without the last byte`,
    service,
    async () => {
      const head = `POST ${service.path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${PAYLOAD_BYTES}\r\n\r\n`;
      for (const socket of sockets) {
        socket.resume().write(head);
        socket.write(body);
      }
      await wait(ATTACK_MS);
    },
  );
  expect(peakMiB).toBeLessThan(MAX_MIB);
  for (const socket of sockets) socket.destroy();
  await isAlive(service);
});
