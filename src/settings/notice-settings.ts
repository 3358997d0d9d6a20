import { apiKeys, webhooks } from './entry-parsers.ts';
import { fileOfEntries } from './file-value.ts';
import { eventBus, noticeDays, text } from './parsers.ts';
import { setting } from './setting.ts';

/** Who is told before a certificate expires, and when. */
export const NOTICE_SETTINGS = {
  NOTIFY_DAYS: setting(
    noticeDays,
    '30,14,7,3,1,0',
    'How many days before the expiration of a certificate there are notices, separated by commas; 0: when it has expired.',
  ),
  NOTIFY_WEBHOOKS: setting(
    webhooks,
    '',
    'Who is told, separated by commas: "URL format=cloudevents secret=whsec_…", which may also have old-secret=whsec_…, "URL format=slack" or "URL format=pagerduty secret=KEY".',
  ),
  NOTIFY_WEBHOOKS_FILE: setting(
    fileOfEntries(webhooks),
    '',
    'Instead of NOTIFY_WEBHOOKS: a file with these entries, which is read again when it changes.',
  ),
  NOTIFY_EVENT_BUS: setting(
    eventBus,
    '',
    'With UPSTREAM=aws: the name or the ARN of an event bus of EventBridge, which is told.',
  ),
  CALENDAR_TOKENS: setting(
    apiKeys,
    '',
    'Who may read /calendar.ics?token=…: the SHA-256 of each token, as in API_KEYS; `certway api-key NAME` makes one.',
  ),
  CALENDAR_TOKENS_FILE: setting(
    fileOfEntries(apiKeys),
    '',
    'Instead of CALENDAR_TOKENS: a file with these entries, which is read again when it changes.',
  ),
  NOTIFY_PATH: setting(
    text,
    '',
    'Without REDIS_URL: a SQLite file with what was sent, so that nothing is sent again after a restart.',
  ),
};
