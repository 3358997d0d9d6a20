import { GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { createEventBridgeSink } from '../../src/notifications/event-bridge.ts';
import { noticeOf } from '../../src/notifications/notice.ts';
import type { DeliveryError } from '../../src/notifications/sink.ts';
import { toClientCertificate } from '../../src/resources/client-certificates/client-certificate.ts';
import { emulate } from '../emulator/support.ts';
import { CREDENTIALS } from '../support/service.ts';
import { until } from '../support/sharing.ts';
import { type Answer, startReceiver } from './receiver.ts';
import { DAY_MS, expiringIn, NOW } from './support.ts';

const json =
  (status: number, body: object): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));

const TAKEN = json(200, { FailedEntryCount: 0, Entries: [{ EventId: '1' }] });

type StartOptions = { bus?: string; days?: number; credentials?: () => Promise<typeof CREDENTIALS> };

/** A bus behind the real SDK, and a notice about a certificate of the emulator. `end` ends the time that the bus has. */
async function start(answer: Answer, options: StartOptions = {}) {
  const { bus = 'certificates', days = 6, credentials = CREDENTIALS } = options;
  const tooLate = new AbortController();
  const receiver = await startReceiver(answer);
  const { client } = await emulate({ examples: [expiringIn(days, 'c1')] });
  const item = await client.send(new GetClientCertificateCommand({ clientCertificateId: 'c1' }));
  const place = { accountId: '111111111111', account: 'prod', region: 'us-east-1' };
  const certificate = toClientCertificate(item, place);
  if (certificate instanceof Error) throw certificate;
  const use = { usage: 'IN_USE', stages: 2, isReplaced: false } as const;
  const notice = noticeOf(certificate, use, { place: 'prod/us-east-1', days: [30, 7, 0], now: NOW });
  if (!notice) throw new Error('nothing is due');
  const sink = createEventBridgeSink({
    name: 'event-bus',
    key: 'key',
    bus,
    client: {
      endpoint: receiver.url,
      region: 'us-east-1',
      credentials,
    },
    clock: { timeout: () => tooLate.signal },
  });
  const send = async () =>
    sink.send(sink.compose([notice])).then(
      () => 'taken',
      (error: DeliveryError) => error.message,
    );
  const end = () => tooLate.abort(new DOMException('', 'TimeoutError'));
  return { receiver, notice, send, end };
}

test('an event has the names of ACM, and ours', async () => {
  const { receiver, notice, send } = await start(TAKEN);
  expect(await send()).toBe('taken');
  expect(receiver.received[0]?.headers['x-amz-target']).toBe('AWSEvents.PutEvents');
  const [{ Entries }] = receiver.bodies();
  expect(Entries).toEqual([
    {
      EventBusName: 'certificates',
      Source: 'certway',
      DetailType: 'API Gateway Client Certificate Approaching Expiration',
      Time: (NOW.getTime() - DAY_MS - 60 * 60 * 1000) / 1000,
      Resources: ['arn:aws:apigateway:us-east-1::/clientcertificates/c1'],
      Detail: expect.any(String),
    },
  ]);
  expect(JSON.parse(Entries[0].Detail)).toEqual({
    DaysToExpiry: 5,
    CommonName: 'ApiGateway',
    ValidityInDays: 365,
    CertificateCreatedDate: notice.certificate.createdDate.toISOString(),
    CertificateExpirationDate: '2026-12-05T11:00:00.000Z',
    InUse: true,
    Id: notice.id,
    Severity: 'critical',
    ThresholdDays: 7,
    ClientCertificateId: 'c1',
    Description: null,
    Account: 'prod',
    AccountId: '111111111111',
    Region: 'us-east-1',
    Usage: 'IN_USE',
    Stages: 2,
    IsReplaced: false,
  });
});

test('a certificate that has expired is told as ACM tells it', async () => {
  const { receiver, send } = await start(TAKEN, { days: -1 });
  await send();
  expect(receiver.bodies()[0].Entries[0].DetailType).toBe('API Gateway Client Certificate Expired');
});

test('the ARN of a bus says the region', async () => {
  const { receiver, send } = await start(TAKEN, {
    bus: 'arn:aws:events:eu-west-1:111111111111:event-bus/certificates',
  });
  await send();
  expect(receiver.received[0]?.headers.authorization).toContain('/eu-west-1/events/aws4_request');
});

test.each<[what: string, answer: Answer, message: string]>([
  [
    'a bus that refuses the entry',
    json(200, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'secret' }] }),
    'refused: InternalFailure',
  ],
  [
    'a denial',
    json(400, { __type: 'AccessDeniedException', message: 'User: arn:aws:iam::1:role/x is not authorized' }),
    'no success: AccessDeniedException',
  ],
  ['a failure', json(500, {}), 'no success: '],
  ['rubbish', (response) => response.end('rubbish'), 'no success: SyntaxError'],
  ['nothing', (response) => response.destroy(), 'no success: '],
])('%s has not taken the event, and one attempt is made', async (_, answer, message) => {
  const { receiver, send } = await start(answer);
  expect(await send()).toContain(message);
  expect(receiver.received).toHaveLength(1);
});

test.each<[what: string, answer: Answer]>([
  ['answers', () => undefined],
  ['ends its answer', (response) => response.writeHead(200).write('{')],
])('a bus that never %s has not taken the event', async (_, answer) => {
  const { receiver, send, end } = await start(answer);
  const sent = send();
  await until(() => expect(receiver.received).toHaveLength(1));
  end();
  expect(await sent).toBe('no success: TimeoutError');
});

test('credentials that never come count as no success', async () => {
  const { receiver, send, end } = await start(TAKEN, {
    credentials: async () => new Promise(() => undefined),
  });
  const sent = send();
  end();
  expect(await sent).toBe('no success: TimeoutError');
  expect(receiver.received).toEqual([]);
});
