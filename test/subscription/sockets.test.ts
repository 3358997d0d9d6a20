import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test, vi } from 'vitest';
import { createServiceClock } from '../support/clock.ts';
import { runService } from '../support/running-service.ts';
import { examples } from '../support/service.ts';
import { CHANGES, changesOf, listen, REFRESH_MS } from './support.ts';

const EVENTS = { headers: { accept: 'text/event-stream' } };

const gaugeOf = async (metrics: { text(): Promise<string> }) =>
  /^certway_subscriptions (\d+)$/m.exec(await metrics.text())?.[1];

async function start(count = 2) {
  const { elapsedMs, later, pass } = createServiceClock();
  const clock = { elapsedMs, later };
  const service = await runService({ emulator: { examples: examples(count), quota: 1000 }, clock });
  return { ...service, refresh: async () => pass(REFRESH_MS) };
}

test('over a socket, each event comes at once, and proxies are told to pass it on', async () => {
  const { post, refresh, client } = await start();
  const response = await post(CHANGES, EVENTS);
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  expect(response.headers.get('cache-control')).toBe('no-cache');
  const events = listen(response);
  expect(changesOf(await events.next())).toEqual([]);
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c000' }));
  await refresh();
  expect(changesOf(await events.next())).toEqual(['DELETED c000']);
});

test('a client that leaves listens no more', async () => {
  const { post, metrics, log } = await start();
  const events = listen(await post(CHANGES, EVENTS));
  await events.next();
  expect(await gaugeOf(metrics)).toBe('1');
  await events.leave();
  await vi.waitFor(async () => expect(await gaugeOf(metrics)).toBe('0'), { timeout: 20_000 });
  expect(log).toContainEqual(expect.objectContaining({ msg: 'subscription ended' }));
});

test('an event is as large as its certificates, with everything that it says', async () => {
  const { post, refresh, client } = await start(0);
  const query = `subscription { clientCertificatesChanged { changes {
    kind clientCertificateId clientCertificate { pemEncodedCertificate x509 { serialNumber } usage status }
  } } }`;
  const events = listen(await post(query, EVENTS));
  await events.next();
  const description = 'x'.repeat(1000);
  for (let i = 0; i < 50; i += 1) await client.send(new GenerateClientCertificateCommand({ description }));
  await refresh();
  const event = await events.next();
  expect(event?.errors).toBe(undefined);
  expect(changesOf(event)).toHaveLength(50);
  expect(JSON.stringify(event).length).toBeGreaterThan(40_000);
});

test('the service stops although clients listen', async () => {
  const { post, stop } = await start();
  const events = listen(await post(CHANGES, EVENTS));
  await events.next();
  const stopped = stop();
  expect(await events.next()).toBe(undefined);
  await stopped;
});
