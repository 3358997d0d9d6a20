import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/settings/config.ts';
import { emptyFolder } from '../support/process.ts';
import { complaints } from './config-support.ts';

const SECRET = `whsec_${Buffer.alloc(24, 'k').toString('base64')}`;
const KEY = 'k'.repeat(32);

test('NOTIFY_WEBHOOKS has a receiver in each entry', () => {
  const entries = [
    `https://a.example.com/hook?x=1 format=cloudevents secret=${SECRET}`,
    `https://b.example.com format=cloudevents secret=${SECRET} old-secret=${SECRET}`,
    'http://slack.internal:8080 format=slack',
    `https://events.pagerduty.com/v2/enqueue secret=${KEY} format=pagerduty`,
  ];
  expect(parseConfig({ NOTIFY_WEBHOOKS: entries.join(', ') }).NOTIFY_WEBHOOKS).toEqual([
    { url: 'https://a.example.com/hook?x=1', format: 'cloudevents', secret: SECRET, oldSecret: '' },
    { url: 'https://b.example.com/', format: 'cloudevents', secret: SECRET, oldSecret: SECRET },
    { url: 'http://slack.internal:8080/', format: 'slack', secret: '', oldSecret: '' },
    { url: 'https://events.pagerduty.com/v2/enqueue', format: 'pagerduty', secret: KEY, oldSecret: '' },
  ]);
});

test.each([
  ['hidden', 'entry 1: expected an http or https URL without credentials first, got something else'],
  [
    'ftp://hidden format=slack',
    'entry 1: expected an http or https URL without credentials first, got something else',
  ],
  [
    'https://hidden:x@h format=slack',
    'entry 1: expected an http or https URL without credentials first, got something else',
  ],
  ['https://h/hidden', 'got other words after the URL'],
  ['https://h/hidden format=teams', 'got other words after the URL'],
  ['https://h/hidden format=slack hidden', 'got other words after the URL'],
  ['https://h/hidden format=slack secret=hidden', 'entry 1: expected no secret with format=slack, got one'],
  [
    'https://h/hidden format=cloudevents',
    'entry 1: expected secret=whsec_ and the base64 of 24 to 64 bytes, got none',
  ],
  ['https://h/hidden format=cloudevents secret=whsec_hidden', 'got something else'],
  [
    `https://h/hidden format=cloudevents secret=${SECRET} old-secret=hidden`,
    'expected old-secret like secret',
  ],
  ['https://h/hidden format=slack old-secret=hidden', 'expected no old-secret with format=slack, got one'],
  [
    'https://h/hidden format=pagerduty secret=hidden',
    'expected secret= and an integration key of 32 characters, got something else',
  ],
  ['https://h/hidden format=slack, https://h/hidden format=slack', 'expected no receiver twice'],
])('a wrong entry is refused, and never quoted: %s', (NOTIFY_WEBHOOKS, complaint) => {
  const all = complaints({ NOTIFY_WEBHOOKS });
  expect(all).toEqual([expect.stringContaining(complaint)]);
  expect(all.join()).not.toContain('hidden');
});

test.each([',', ' ', ' , ,\n'])('commas and blanks alone are no receivers: %j', async (text) => {
  expect(complaints({ NOTIFY_WEBHOOKS: text })).toEqual(['NOTIFY_WEBHOOKS: expected an entry, got none']);
  const file = join(await emptyFolder(), 'webhooks');
  await writeFile(file, `,${text}`);
  expect(complaints({ NOTIFY_WEBHOOKS_FILE: file })).toEqual([
    `NOTIFY_WEBHOOKS_FILE: ${file}: expected an entry, got none`,
  ]);
});

test.each([
  [22, false],
  [23, false],
  [24, true],
  [25, true],
  [26, true],
  [64, true],
  [65, false],
  [66, false],
])('whether a secret of %i bytes is taken: %s', (bytes, isTaken) => {
  const secret = `whsec_${Buffer.alloc(bytes, 'k').toString('base64')}`;
  expect(complaints({ NOTIFY_WEBHOOKS: `https://h format=cloudevents secret=${secret}` })).toEqual(
    isTaken
      ? []
      : [
          'NOTIFY_WEBHOOKS: entry 1: expected secret=whsec_ and the base64 of 24 to 64 bytes, got something else',
        ],
  );
});
