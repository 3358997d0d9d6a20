import { once } from 'node:events';
import { setTimeout, setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import { emulate } from '../emulator/support.ts';
import { serveOn } from '../support/process.ts';
import { examples } from '../support/service.ts';
import { until } from '../support/sharing.ts';
import { closeAfterTest, open } from './connections.ts';
import { startClient } from './keep-alive-client.ts';

const CONNECTIONS = 200;

/** Longer than the test may take: a shutdown that ends sooner has cut nothing off. */
const NEVER = '3600000';

/** The service on a slow emulator, so that there are always requests in flight. */
async function serveOnSlowEmulator(
  env: Record<string, string> = {},
  fault: Fault = { kind: 'slow', delayMs: 20 },
) {
  const { url } = await emulate({ examples: examples(5), fault: () => fault });
  return serveOn(url, { LOG_LEVEL: 'error', ...env });
}

/** Resolves once it has taken note of a signal, while it still answers. */
const untilStopping = async ({ url }: { url: string }) =>
  until(async () => expect(await statusOf(url, '/ready')).toBe(503));

const statusOf = async (url: string, path: string) =>
  (await fetch(new URL(path, url), { headers: { connection: 'close' } })).status;

test.for([0, 5000])('SIGTERM under load loses no request, with DRAIN_DELAY_MS=%i', async (delayMs) => {
  const service = await serveOnSlowEmulator({ DRAIN_DELAY_MS: `${delayMs}`, DRAIN_TIMEOUT_MS: NEVER });
  const clients = Array.from({ length: CONNECTIONS }, (_, i) =>
    startClient(service.url, i % 4 === 0 ? 'lookup' : 'trivial'),
  );
  await wait(1500);
  expect(await statusOf(service.url, '/ready')).toBe(200);

  service.child.kill('SIGTERM');
  if (delayMs > 0) {
    await untilStopping(service);
    expect(await statusOf(service.url, '/health')).toBe(200);
  }
  const [end, ...results] = await Promise.all([service.end(), ...clients.map(({ result }) => result)]);
  expect(end).toMatchObject({ code: 0, stderr: '' });
  const sum = (of: 'answered' | 'lost' | 'wrong') => results.reduce((total, result) => total + result[of], 0);
  expect(sum('answered')).toBeGreaterThan(CONNECTIONS * 2);
  expect({ lost: sum('lost'), wrong: sum('wrong') }).toEqual({ lost: 0, wrong: 0 });
});

test('a second signal ends the service at once, also with requests in flight', async () => {
  const service = await serveOnSlowEmulator({ DRAIN_DELAY_MS: '60000' }, { kind: 'slow', delayMs: 5000 });
  const clients = Array.from({ length: CONNECTIONS }, () => startClient(service.url, 'lookup'));
  await wait(500);
  service.child.kill('SIGTERM');
  await untilStopping(service);
  await setTimeout(400); // earlier it would be taken for the same signal
  service.child.kill('SIGTERM');
  expect(await service.end()).toMatchObject({ code: 1, stderr: '' });
  await Promise.all(clients.map(({ result }) => result));
});

test('an open event stream is answered, and does not delay the shutdown', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const service = await serveOnSlowEmulator({ DRAIN_TIMEOUT_MS: NEVER }, { kind: 'held', until: released });
  const body = '{"query":"{ clientCertificates { totalCount } }"}';
  const socket = await open(service.url);
  closeAfterTest([socket]);
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  expect(await statusOf(service.url, '/health')).toBe(200); // by then the other request has arrived
  service.child.kill('SIGTERM');
  await until(async () => expect(open(service.url)).rejects.toThrow('ECONNREFUSED'));
  release();
  if (!socket.closed) await once(socket, 'close');
  expect(await service.end()).toMatchObject({ code: 0, stderr: '' });
  expect(received).toMatch(/\r\ncontent-type: text\/event-stream/i);
  expect(received).toContain('event: next\ndata: {"data":{"clientCertificates":{"totalCount":5}}}');
  expect(received).toContain('\r\nConnection: close\r\n');
  expect(received).toContain('event: complete');
});
