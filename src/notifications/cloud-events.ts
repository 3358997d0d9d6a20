import { createHmac, hash } from 'node:crypto';
import type { Webhook } from '../settings/webhooks.ts';
import type { Clock } from '../time/clock.ts';
import { isExpired, type Notice } from './notice.ts';
import { post } from './post.ts';
import { DeliveryError, type Message, type Sink } from './sink.ts';

/** About 100 KB. */
const MOST = 100;

/**
 * CloudEvents as JSON (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md), several as a batch, signed
 * by Standard Webhooks. A receiver that takes no batch (413 or 415) gets one event at a time from then on.
 */
export function createCloudEventsSink(
  webhook: () => Pick<Webhook, 'url' | 'secret' | 'oldSecret'>,
  { name, key, clock }: Pick<Sink, 'name' | 'key'> & { clock: Pick<Clock, 'now' | 'timeout'> },
): Sink {
  let most = MOST;
  return {
    name,
    key,
    get most() {
      return most;
    },
    compose: ([first, ...others]) =>
      others.length === 0
        ? {
            id: first.id,
            body: JSON.stringify(eventOf(first)),
            contentType: 'application/cloudevents+json; charset=utf-8',
          }
        : {
            id: hash('sha256', [first, ...others].map(({ id }) => id).join(' ')),
            body: JSON.stringify([first, ...others].map(eventOf)),
            contentType: 'application/cloudevents-batch+json; charset=utf-8',
          },
    send: async (message) => {
      const { url, secret, oldSecret } = webhook();
      const secrets = [secret, oldSecret].filter((each) => each !== '');
      const headers = { 'content-type': message.contentType, ...signed(message, secrets, clock.now()) };
      await post(url, { headers, body: message.body, clock }).catch((error) => {
        if (error instanceof DeliveryError && error.isTooMany) most = 1;
        throw error;
      });
    },
    close: () => undefined,
  };
}

/**
 * One signature for each secret, of which a receiver knows at least one
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme).
 */
function signed({ id, body }: Message, secrets: string[], now: Date): Record<string, string> {
  const seconds = Math.floor(now.getTime() / 1000);
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': `${seconds}`, 'webhook-signature': signatures.join(' ') };
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#context-attributes */
function eventOf(notice: Notice) {
  const { id, certificate, thresholdDays, passedAt, daysUntilExpiration, severity, use } = notice;
  const { arn, clientCertificateId, accountId, account, region, description } = certificate;
  return {
    specversion: '1.0',
    id,
    source: arn.slice(0, arn.lastIndexOf('/')),
    type: `certway.client-certificate.${isExpired(notice) ? 'expired' : 'approaching-expiration'}`,
    subject: clientCertificateId,
    time: passedAt.toISOString(),
    datacontenttype: 'application/json',
    data: {
      severity,
      thresholdDays,
      daysUntilExpiration,
      expirationDate: certificate.expirationDate.toISOString(),
      createdDate: certificate.createdDate.toISOString(),
      clientCertificateId,
      arn,
      accountId,
      account,
      region,
      description,
      usage: use.usage,
      stages: use.stages,
      isReplaced: use.isReplaced,
    },
  };
}
