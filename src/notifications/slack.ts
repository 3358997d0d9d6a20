import { hash } from 'node:crypto';
import type { Clock } from '../time/clock.ts';
import type { Notice } from './notice.ts';
import { post } from './post.ts';
import type { Sink } from './sink.ts';
import { endInWords, nameInWords, useInWords } from './words.ts';

/** Of up to 600 characters each. A text is cut off at 40,000: https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const MOST = 50;

const ICONS = { critical: ':red_circle:', warning: ':large_yellow_circle:', info: ':white_circle:' };

/**
 * Slack's incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), whose form Mattermost and
 * others have, too. They do not drop what was sent before.
 */
export function createSlackSink(
  webhook: () => { url: string },
  { name, key, clock }: Pick<Sink, 'name' | 'key'> & { clock: Pick<Clock, 'now' | 'timeout'> },
): Sink {
  return {
    name,
    key,
    most: MOST,
    compose: (notices) => {
      const soonest = notices.toSorted(
        (a, b) => +a.certificate.expirationDate - +b.certificate.expirationDate,
      );
      const lines = soonest.map(lineOf);
      const text =
        notices.length === 1 ? lines : [`*${notices.length} client certificates need care*`, ...lines];
      return {
        id: hash('sha256', notices.map(({ id }) => id).join(' ')),
        body: JSON.stringify({ text: text.join('\n') }),
        contentType: 'application/json; charset=utf-8',
      };
    },
    send: async ({ body, contentType }) =>
      post(webhook().url, { headers: { 'content-type': contentType }, body, clock }),
    close: () => undefined,
  };
}

function lineOf(notice: Notice): string {
  const { severity, place, certificate } = notice;
  const end = certificate.expirationDate.toISOString().slice(0, 16).replace('T', ' ');
  return escaped(
    `${ICONS[severity]} Client certificate ${nameInWords(notice)} in ${place} ${endInWords(notice)}: ${end} UTC, ${useInWords(notice)}`,
  );
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
