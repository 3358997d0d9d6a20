import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { restApis } from '../support/service.ts';
import { until } from '../support/sharing.ts';
import { type Received, startReceiver, status } from './receiver.ts';
import { expiringIn, SECRET, startTelling } from './support.ts';

const webhookTo = (url: string) => `${url}/hook format=cloudevents secret=${SECRET}`;

/** The events in a message, as CloudEvents' own library reads it, which checks it strictly. */
const eventsIn = ({ headers, body }: Received) => {
  const events = HTTP.toEvent({ headers, body });
  return Array.isArray(events) ? events : [events];
};

test('one event tells of a certificate, signed and as CloudEvents has it', async () => {
  const receiver = await startReceiver();
  const { tell } = await startTelling({
    webhooks: webhookTo(receiver.url),
    emulator: { examples: [expiringIn(6, 'c1'), expiringIn(200)] },
  });
  await tell();
  await until(() => expect(receiver.received).toHaveLength(1));
  const [message] = receiver.received;
  if (!message) throw new Error('nothing was received');
  expect(message.path).toBe('/hook');
  const [event] = eventsIn(message);
  expect(event).toMatchObject({
    specversion: '1.0',
    id: expect.stringMatching(/^[0-9a-f]{64}$/),
    source: 'arn:aws:apigateway:us-east-1::/clientcertificates',
    subject: 'c1',
    type: 'certway.client-certificate.approaching-expiration',
    time: '2026-11-28T11:00:00.000Z',
    datacontenttype: 'application/json',
    data: {
      severity: 'warning',
      thresholdDays: 7,
      daysUntilExpiration: 5,
      expirationDate: '2026-12-05T11:00:00.000Z',
      clientCertificateId: 'c1',
      usage: 'UNKNOWN',
      stages: 0,
    },
  });
  const headers = message.headers as Record<string, string>;
  expect(headers['webhook-id']).toBe(event?.id);
  // The library compares the timestamp with the clock of the process.
  const timestamp = new Date(Number(headers['webhook-timestamp']) * 1000);
  const signature = new Webhook(SECRET).sign(headers['webhook-id'] ?? '', timestamp, message.body);
  expect(headers['webhook-signature']).toBe(signature);
});

test('while a secret is replaced by another, receivers that know either of them take the message', async () => {
  const receiver = await startReceiver();
  const old = `whsec_${Buffer.alloc(32, 'o').toString('base64')}`;
  const { tell } = await startTelling({
    webhooks: `${webhookTo(receiver.url)} old-secret=${old}`,
    emulator: { examples: [expiringIn(6, 'c1')] },
  });
  await tell();
  await until(() => expect(receiver.received).toHaveLength(1));
  const [message] = receiver.received;
  if (!message) throw new Error('nothing was received');
  const { headers, body } = message;
  const timestamp = new Date(Number(headers['webhook-timestamp']) * 1000);
  const by = (secret: string) => new Webhook(secret).sign(`${headers['webhook-id']}`, timestamp, body);
  expect(headers['webhook-signature']).toBe(`${by(SECRET)} ${by(old)}`);
});

test('many are one message, a batch in which each has its own id', async () => {
  const receiver = await startReceiver();
  const { tell } = await startTelling({
    webhooks: webhookTo(receiver.url),
    emulator: { examples: Array.from({ length: 120 }, (_, i) => expiringIn(6, `c${i}`)) },
  });
  await tell();
  await until(() => expect(receiver.received).toHaveLength(2));
  const events = receiver.received.map(eventsIn);
  expect(events.map(({ length }) => length)).toEqual([100, 20]);
  expect(new Set(events.flat().map(({ id }) => id)).size).toBe(120);
});

test.each([413, 415])('a receiver that answers %d to a batch gets one event at a time', async (code) => {
  const receiver = await startReceiver((response, { headers }) =>
    response.writeHead(headers['content-type']?.includes('batch') ? code : 204).end(),
  );
  const { tell, retry } = await startTelling({
    webhooks: webhookTo(receiver.url),
    emulator: { examples: Array.from({ length: 7 }, (_, i) => expiringIn(6, `c${i}`)) },
  });
  await tell();
  await retry(1000);
  await until(() => expect(receiver.received).toHaveLength(8));
  expect(
    new Set(
      receiver.received
        .slice(1)
        .flatMap(eventsIn)
        .map(({ id }) => id),
    ).size,
  ).toBe(7);
});

test('a receiver that refuses every batch, or one event, gets the others one by one', async () => {
  const receiver = await startReceiver((response, message) => {
    const events = eventsIn(message);
    response.writeHead(events.length > 1 || events[0]?.subject === 'c0' ? 400 : 204).end();
  });
  const { tell, pass, samples } = await startTelling({
    webhooks: webhookTo(receiver.url),
    emulator: { examples: Array.from({ length: 9 }, (_, i) => expiringIn(6, `c${i}`)) },
  });
  await tell();
  await until(async () => {
    await pass(1000);
    expect(await samples('certway_notices_sent_total')).toEqual([
      'certway_notices_sent_total{sink="cloudevents-1"} 8',
    ]);
  });
  const alone = receiver.received.map(eventsIn).filter(({ length }) => length === 1);
  const taken = alone.flat().filter(({ subject }) => subject !== 'c0');
  expect(taken.map(({ subject }) => subject).toSorted()).toEqual(
    Array.from({ length: 8 }, (_, i) => `c${i + 1}`),
  );
});

test('a certificate is critical if a stage uses it, and info if none does, once all stages are read', async () => {
  const receiver = await startReceiver();
  const { tell, pass } = await startTelling({
    webhooks: webhookTo(receiver.url),
    env: { STAGE_READS_PER_SECOND: '10' },
    emulator: {
      examples: [expiringIn(6, 'used'), expiringIn(6, 'unused')],
      restApis: restApis(1, () => [{ stageName: 'live', clientCertificateId: 'used' }]),
    },
  });
  await tell();
  expect(receiver.received).toEqual([]);
  await until(async () => {
    await pass(1000);
    expect(receiver.received).toHaveLength(2);
  });
  const told = receiver.bodies().map(({ subject, data }) => [subject, data.severity, data.stages]);
  expect(told.toSorted()).toEqual([
    ['unused', 'info', 0],
    ['used', 'critical', 1],
  ]);
});

test('one that has expired is told as that', async () => {
  const receiver = await startReceiver();
  const { tell } = await startTelling({
    webhooks: webhookTo(receiver.url),
    emulator: { examples: [expiringIn(-2)] },
  });
  await tell();
  await until(() => expect(receiver.received).toHaveLength(1));
  expect(receiver.bodies()).toMatchObject([
    { type: 'certway.client-certificate.expired', data: { thresholdDays: 0, daysUntilExpiration: -3 } },
  ]);
});

test('several receivers are told, and one that fails delays no other', async () => {
  const [bad, good] = [await startReceiver(status(500)), await startReceiver()];
  const { tell, samples } = await startTelling({
    webhooks: `${webhookTo(bad.url)}, ${good.url} format=slack`,
    emulator: { examples: [expiringIn(6)] },
  });
  await tell();
  await until(() => expect([bad.received.length, good.received.length]).toEqual([1, 1]));
  await until(async () =>
    expect(await samples('certway_notice')).toEqual([
      'certway_notices_sent_total{sink="cloudevents-1"} 0',
      'certway_notices_sent_total{sink="slack-2"} 1',
      'certway_notice_failures_total{sink="cloudevents-1"} 1',
      'certway_notice_failures_total{sink="slack-2"} 0',
      'certway_notices_waiting{sink="cloudevents-1"} 1',
      'certway_notices_waiting{sink="slack-2"} 0',
    ]),
  );
});
