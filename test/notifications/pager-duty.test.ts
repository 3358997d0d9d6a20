import { DeleteClientCertificateCommand, TagResourceCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { denied, until } from '../support/sharing.ts';
import { startReceiver, status } from './receiver.ts';
import { expiringIn, startTelling, type TellingOptions } from './support.ts';

const KEY = 'R0123456789abcdefghijklmnopqrstu';

async function start(options: Partial<TellingOptions> = {}) {
  const receiver = await startReceiver(status(202));
  const begin = async () =>
    startTelling({
      webhooks: `${receiver.url}/v2/enqueue format=pagerduty secret=${KEY}`,
      emulator: { examples: [expiringIn(6, 'old'), expiringIn(300, 'new')] },
      ...options,
    });
  const telling = await begin();
  await telling.tell();
  await until(async () => {
    await telling.pass(1000);
    expect(receiver.received).toHaveLength(1);
  });
  return { ...telling, begin, receiver };
}

test('a certificate triggers an alert, which each threshold renews', async () => {
  const { receiver, pass, next } = await start();
  await pass(4 * 24 * 60 * 60 * 1000);
  await next();
  await until(() => expect(receiver.received).toHaveLength(2));
  const [first, second] = receiver.bodies();
  expect(first).toMatchObject({
    routing_key: KEY,
    event_action: 'trigger',
    dedup_key: expect.stringMatching(/^[0-9a-f]{64}$/),
    payload: {
      summary:
        'Client certificate old in us-east-1 expires in 5 days, not known to be used: not all stages were read',
      source: 'arn:aws:apigateway:us-east-1::/clientcertificates/old',
      severity: 'warning',
      timestamp: '2026-11-28T11:00:00.000Z',
      custom_details: { thresholdDays: 7 },
    },
  });
  expect(second).toMatchObject({
    event_action: 'trigger',
    payload: { custom_details: { thresholdDays: 3 } },
  });
  expect(second.dedup_key).toBe(first.dedup_key);
});

test('the alert is resolved once, when the certificate is gone', async () => {
  const { receiver, next, client } = await start();
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'old' }));
  receiver.answer(status(500));
  await next();
  await until(() => expect(receiver.received).toHaveLength(2));
  receiver.answer(status(202));
  await next();
  await until(() => expect(receiver.received).toHaveLength(3));
  await next();
  await next();
  const [{ dedup_key }, ...others] = receiver.bodies();
  expect(others).toEqual(Array(2).fill({ routing_key: KEY, event_action: 'resolve', dedup_key }));
});

test('the alert is resolved when the certificate was replaced, and no stage uses it', async () => {
  const { receiver, pass, client } = await start({ env: { STAGE_READS_PER_SECOND: '10' } });
  const resourceArn = 'arn:aws:apigateway:us-east-1::/clientcertificates/new';
  await client.send(new TagResourceCommand({ resourceArn, tags: { 'certway:replaces': 'old' } }));
  await until(async () => {
    await pass(1000);
    expect(receiver.received).toHaveLength(2);
  });
  const [{ dedup_key }, second] = receiver.bodies();
  expect(second).toEqual({ routing_key: KEY, event_action: 'resolve', dedup_key });
});

test('an alert that was resolved is triggered again only if it is not known for an hour whether a stage uses the certificate', async () => {
  const { receiver, pass, client, fail, calls } = await start({ env: { STAGE_READS_PER_SECOND: '10' } });
  const resourceArn = 'arn:aws:apigateway:us-east-1::/clientcertificates/new';
  await client.send(new TagResourceCommand({ resourceArn, tags: { 'certway:replaces': 'old' } }));
  const told = () => receiver.bodies().map(({ event_action: action }) => action);
  const passUntil = async (check: () => void) =>
    until(async () => {
      await pass(5000);
      check();
    });
  await passUntil(() => expect(told()).toEqual(['trigger', 'resolve']));
  const hourMs = 60 * 60 * 1000;
  await pass(hourMs);
  fail((operation) => (operation === 'GetRestApis' ? denied : undefined));
  calls.length = 0;
  await passUntil(() =>
    expect(
      calls.filter(({ operation }) => operation === 'GetClientCertificates').length,
    ).toBeGreaterThanOrEqual(4),
  );
  expect(told()).toEqual(['trigger', 'resolve']);
  await pass(hourMs);
  await passUntil(() => expect(told()).toEqual(['trigger', 'resolve', 'trigger']));
  fail(() => undefined);
  await passUntil(() => expect(told()).toEqual(['trigger', 'resolve', 'trigger', 'resolve']));
});

test('with NOTIFY_PATH, an alert from before a restart is resolved, and none is triggered again', async () => {
  const NOTIFY_PATH = `${await emptyFolder()}/notices.db`;
  const { receiver, stop, begin } = await start({ env: { NOTIFY_PATH } });
  await stop();
  const again = await begin();
  await again.tell();
  await again.client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'old' }));
  await again.next();
  await until(() => expect(receiver.received).toHaveLength(2));
  expect(receiver.bodies().map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
});
