import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isExpired, noticeOf, type Use } from '../../src/notifications/notice.ts';
import type { ClientCertificate } from '../../src/resources/client-certificates/client-certificate.ts';
import { DAY_MS, NOW } from './support.ts';

const DAYS = [30, 14, 7, 3, 1, 0];
const UNUSED: Use = { usage: 'UNUSED', stages: 0, isReplaced: false };
const ARN = 'arn:aws:apigateway:us-east-1::/clientcertificates/a1b2c3';

const certificateWith = (leftMs: number, more: Partial<ClientCertificate> = {}): ClientCertificate => ({
  id: 'id',
  clientCertificateId: 'a1b2c3',
  arn: ARN,
  accountId: null,
  account: null,
  region: 'us-east-1',
  description: null,
  createdDate: new Date(NOW.getTime() + leftMs - 365 * DAY_MS),
  expirationDate: new Date(NOW.getTime() + leftMs),
  pemEncodedCertificate: '',
  tags: [],
  ...more,
});

const at = (now = NOW, days = DAYS) => ({ place: 'us-east-1', days, now });

test.each([
  [31, undefined],
  [30, undefined], // as long as it is not less
  [29.99, 30],
  [14.5, 30],
  [13.9, 14],
  [6, 7],
  [2, 3],
  [0.5, 1],
  [0, 1], // the last moment belongs to the validity
  [-0.01, 0],
  [-29, 0],
  [-31, undefined],
])('with %d days left, the nearest threshold that was passed is %s', (left, threshold) => {
  const notice = noticeOf(certificateWith(left * DAY_MS), UNUSED, at());
  expect(notice?.thresholdDays).toBe(threshold);
  if (notice) expect(isExpired(notice)).toBe(left < 0);
});

test('without a threshold of 0, one that has expired has passed the last threshold', () => {
  expect(noticeOf(certificateWith(-DAY_MS), UNUSED, at(NOW, [30, 7]))?.thresholdDays).toBe(7);
});

test('the id is the SHA-256 of the ARN, the end and the threshold', () => {
  const notice = noticeOf(certificateWith(6 * DAY_MS), UNUSED, at());
  const text = `${ARN} ${new Date(NOW.getTime() + 6 * DAY_MS).toISOString()} 7`;
  expect(notice?.id).toBe(createHash('sha256').update(text).digest('hex'));
});

test('whenever it is derived, a threshold has one id, and the next one another', () => {
  const left = fc.integer({ min: -29 * DAY_MS, max: 30 * DAY_MS - 1 });
  fc.assert(
    fc.property(left, left, fc.constantFrom(null, 'changed'), (a, b, description) => {
      const one = noticeOf(certificateWith(0), UNUSED, at(new Date(NOW.getTime() - a)));
      const other = noticeOf(certificateWith(0, { description }), UNUSED, at(new Date(NOW.getTime() - b)));
      expect(one?.id === other?.id).toBe(one?.thresholdDays === other?.thresholdDays);
      if (one?.id === other?.id) expect(one?.passedAt).toEqual(other?.passedAt);
    }),
  );
});

test('the same id in another account is another certificate', () => {
  const [one, other] = ['111111111111', '222222222222'].map((accountId) =>
    noticeOf(certificateWith(DAY_MS, { accountId }), UNUSED, at()),
  );
  expect(one?.id).not.toBe(other?.id);
  expect(one?.about).not.toBe(other?.about);
});

test.each([
  ['IN_USE', 'critical'],
  ['UNKNOWN', 'warning'],
  ['UNUSED', 'info'],
] as const)('if the usage is %s, the severity is %s', (usage, severity) => {
  expect(noticeOf(certificateWith(DAY_MS), { ...UNUSED, usage }, at())?.severity).toBe(severity);
});
