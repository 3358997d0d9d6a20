import { DeleteClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { failed, until } from '../support/sharing.ts';
import { startReceiver, status } from './receiver.ts';
import {
  DAY_MS,
  expiringIn,
  GATHER_MS,
  NOW,
  REFRESH_MS,
  reasonsIn,
  SECRET,
  startTelling,
  tellReceiver,
  unhandledRejections,
} from './support.ts';

const HOUR_MS = 60 * 60 * 1000;

test('the next threshold takes the place of one that could not be sent', async () => {
  const { tell, pass, next, retry, receiver, got } = await tellReceiver(status(500));
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
  const { tell, next, retry, receiver, got, client, samples } = await tellReceiver(
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
  const { tell, pass, isWaiting, receiver, calls, fail, samples } = await tellReceiver(status(204), {
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
  const { tell, got, stop, log } = await tellReceiver((response) => {
    void promise.then(() => response.writeHead(204).end());
  });
  await tell();
  await got(1);
  const stopped = stop();
  resolve();
  await stopped;
  expect(log).toContainEqual(expect.objectContaining({ msg: 'sent notices' }));
});

test('what was to be told after a stop is not looked at any more', async () => {
  const { isWaiting, pass, stop, receiver } = await tellReceiver(status(204), {
    env: { NOTIFY_PATH: `${await emptyFolder()}/notices.db` },
  });
  const rejections = unhandledRejections();
  await isWaiting(GATHER_MS);
  await stop();
  await pass(GATHER_MS);
  expect(rejections).toEqual([]);
  expect(receiver.received).toEqual([]);
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
