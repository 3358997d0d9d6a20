import { DeleteClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { failed, until } from '../support/sharing.ts';
import { type Answer, startReceiver, status } from './receiver.ts';
import {
  DAY_MS,
  expiringIn,
  GATHER_MS,
  NOW,
  REFRESH_MS,
  SECRET,
  startTelling,
  type TellingOptions,
} from './support.ts';

/** The service with one certificate that has less than 7 days left, and a receiver. */
async function start(answer: Answer, options: Partial<TellingOptions> = {}) {
  const receiver = await startReceiver(answer);
  const telling = await startTelling({
    webhooks: `${receiver.url} format=cloudevents secret=${SECRET}`,
    emulator: { examples: [expiringIn(6, 'c1')] },
    ...options,
  });
  const got = async (count: number) => until(() => expect(receiver.received).toHaveLength(count));
  const ids = () => receiver.received.map(({ headers }) => headers['webhook-id']);
  return { ...telling, receiver, got, ids };
}

const HOUR_MS = 60 * 60 * 1000;

/** The reason that the log has for each failure. */
const reasonsIn = (log: Record<string, unknown>[]) =>
  log.filter(({ msg }) => msg === 'could not send notices').map(({ reason }) => reason);

test.each<[what: string, answer: Answer, reason: string]>([
  ['400', status(400), 'answered 400'],
  ['500', status(500), 'answered 500'],
  ['a redirect', status(307, { location: 'http://127.0.0.1:1/' }), 'answered 307'],
  ['nothing', (response) => response.destroy(), 'no answer: UND_ERR_SOCKET'],
  ['rubbish', (response) => response.socket?.end('rubbish\r\n\r\n'), 'no answer: HTTPParserError'],
])('a receiver that answers %s gets the same event again, and then no more', async (_, answer, reason) => {
  const { tell, next, retry, receiver, got, ids, log } = await start(answer);
  await tell();
  await got(1);
  await retry(1000);
  await got(2);
  receiver.answer(status(200));
  await retry(2000);
  await got(3);
  await next();
  await next();
  expect(new Set(ids()).size).toBe(1);
  expect(receiver.received).toHaveLength(3);
  expect(reasonsIn(log)).toEqual([reason, reason]);
});

test('a receiver that is down gets everything when it is up again', async () => {
  const { tell, retry, receiver, got, log } = await start(status(204));
  await receiver.down();
  await tell();
  await retry(1000);
  await retry(2000);
  await receiver.up();
  await retry(4000);
  await got(1);
  expect(reasonsIn(log)).toEqual(Array(3).fill('no answer: ECONNREFUSED'));
});

test('a receiver that does not answer is given up, and tried again', async () => {
  const timeout = new AbortController();
  const signals = [timeout.signal];
  const { tell, retry, receiver, got, log } = await start(() => undefined, {
    timeout: () => signals.shift() ?? new AbortController().signal,
  });
  await tell();
  await got(1);
  timeout.abort();
  receiver.answer(status(204));
  await retry(1000);
  await got(2);
  expect(reasonsIn(log)).toEqual(['no answer: AbortError']);
});

test('an endless answer is not read', async () => {
  const { tell, next, got, log } = await start((response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write('rubbish'.repeat(1000)));
    };
    response.on('drain', more);
    more();
  });
  await tell();
  await got(1);
  await next();
  expect(log).toContainEqual(expect.objectContaining({ msg: 'sent notices' }));
});

test.each<[answer: Answer, pauseMs: number]>([
  [status(410), 3_600_000],
  [status(429, { 'retry-after': '120' }), 120_000],
  [status(503, { 'retry-after': new Date(NOW.getTime() + 310_000).toUTCString() }), 300_000],
  [status(503, { 'retry-after': '999999999' }), 3_600_000],
  [status(503, { 'retry-after': 'soon' }), 1000],
])('the pause is as long as the receiver asks for: %#', async (answer, pauseMs) => {
  const { tell, retry, receiver, got } = await start(answer);
  await tell();
  await got(1);
  receiver.answer(status(204));
  await retry(pauseMs);
  await got(2);
});

test('the pauses between attempts double, up to 15 minutes', async () => {
  const { tell, retry, receiver, got } = await start(status(500), { env: { EXPIRY_REFRESH_MS: '86400000' } });
  await tell();
  const pauses = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900].map((seconds) => seconds * 1000);
  for (const [i, ms] of pauses.entries()) {
    await got(i + 1);
    await retry(ms);
  }
  expect(receiver.received.length).toBeGreaterThan(11);
});

test('the next threshold takes the place of one that could not be sent', async () => {
  const { tell, pass, next, retry, receiver, got } = await start(status(500));
  await tell();
  await got(1);
  await pass(3 * DAY_MS);
  receiver.answer(status(503, { 'retry-after': '300' }));
  await next();
  await until(() => expect(receiver.received.length).toBeGreaterThan(1));
  receiver.answer(status(204));
  await retry(300_000);
  await until(() => expect(receiver.bodies().at(-1).data.thresholdDays).toBe(3));
});

test('a certificate that was deleted is not told of any more', async () => {
  const { tell, next, retry, receiver, got, client, samples } = await start(
    status(503, { 'retry-after': '600' }),
  );
  await tell();
  await got(1);
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c1' }));
  await next();
  await until(async () =>
    expect(await samples('certway_notices_waiting{')).toEqual([
      'certway_notices_waiting{sink="cloudevents-1"} 0',
    ]),
  );
  await retry(600_000);
  expect(receiver.received).toHaveLength(1);
});

test('a stale reading tells nothing, and the next one does', async () => {
  const createdDate = new Date(NOW.getTime() + (30 - 365) * DAY_MS + HOUR_MS / 2); // passes 30 days in half an hour
  const { tell, pass, isWaiting, receiver, calls, fail, samples } = await start(status(204), {
    env: { CACHE_STALE_MS: `${HOUR_MS}` },
    emulator: { examples: [{ id: 'c1', createdDate }] },
  });
  await tell();
  await isWaiting(REFRESH_MS);
  calls.length = 0;
  fail(() => failed);
  await pass(HOUR_MS * 0.7);
  await until(() => expect(calls).not.toEqual([]));
  await isWaiting(REFRESH_MS);
  expect(await samples('certway_client_certificates_read_failures_total{')).toEqual([]);
  await pass(GATHER_MS);
  expect(await samples('certway_notices_waiting{')).toEqual([
    'certway_notices_waiting{sink="cloudevents-1"} 0',
  ]);
  fail(() => undefined);
  await until(async () => {
    await pass(1000);
    expect(receiver.received).toHaveLength(1);
  });
});

test('a stop waits for the message that is being sent', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { tell, got, stop, log } = await start((response) => {
    void promise.then(() => response.writeHead(204).end());
  });
  await tell();
  await got(1);
  const stopped = stop();
  resolve();
  await stopped;
  expect(log).toContainEqual(expect.objectContaining({ msg: 'sent notices' }));
});

test('no line of the log has the secret, or the path of a receiver', async () => {
  const receiver = await startReceiver(status(500));
  const { tell, log, retry } = await startTelling({
    webhooks: `${receiver.url}/T0/B0/token format=slack, ${receiver.url}/hook format=cloudevents secret=${SECRET}`,
    emulator: { examples: [expiringIn(6)] },
  });
  await tell();
  await until(() => expect(receiver.received).toHaveLength(2));
  await receiver.down();
  await retry(1000);
  await until(() => expect(reasonsIn(log)).toHaveLength(4));
  expect(JSON.stringify(log)).not.toMatch(/token|hook|whsec|127\.0\.0\.1/);
});
