import { hash } from 'node:crypto';
import type { Webhook } from '../settings/webhooks.ts';
import type { Clock } from '../time/clock.ts';
import type { Notice } from './notice.ts';
import { post } from './post.ts';
import type { Message, Sink } from './sink.ts';
import { endInWords, nameInWords, useInWords } from './words.ts';

/**
 * PagerDuty's Events API (https://developer.pagerduty.com/docs/send-alert-event). A certificate has one alert, which each threshold
 * triggers again, and which is resolved once the certificate is gone or replaced. The key is added when a message is sent.
 */
export function createPagerDutySink(
  webhook: () => Pick<Webhook, 'url' | 'secret'>,
  { name, key, clock }: Pick<Sink, 'name' | 'key'> & { clock: Pick<Clock, 'now' | 'timeout'> },
): Sink {
  return {
    name,
    key,
    most: 1,
    compose: ([notice]) => messageOf(notice.id, triggerOf(notice)),
    resolution: (about) =>
      messageOf(hash('sha256', `${about} resolved`), { event_action: 'resolve', dedup_key: about }),
    send: async ({ body, contentType }) => {
      const { url, secret } = webhook();
      await post(url, {
        headers: { 'content-type': contentType },
        body: JSON.stringify({ routing_key: secret, ...JSON.parse(body) }),
        clock,
      });
    },
    close: () => undefined,
  };
}

const messageOf = (id: string, event: object): Message => ({
  id,
  body: JSON.stringify(event),
  contentType: 'application/json',
});

function triggerOf(notice: Notice): object {
  const { about, place, severity, passedAt, thresholdDays, certificate, id } = notice;
  return {
    event_action: 'trigger',
    dedup_key: about,
    client: 'Certway',
    payload: {
      summary: `Client certificate ${nameInWords(notice)} in ${place} ${endInWords(notice)}, ${useInWords(notice)}`,
      source: certificate.arn,
      severity,
      timestamp: passedAt.toISOString(),
      component: 'API Gateway',
      group: place,
      class: 'client certificate expiration',
      custom_details: {
        id,
        thresholdDays,
        expirationDate: certificate.expirationDate.toISOString(),
        accountId: certificate.accountId,
        description: certificate.description,
      },
    },
  };
}
