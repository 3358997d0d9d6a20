import { expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { denied, PROD_US, STAGING_EU, startEverywhere } from './support.ts';

const { key: TOKEN } = createApiKey('team');

test('a calendar has the certificates of all accounts and regions, or is refused, so that no events vanish', async () => {
  const { server, failIn, pass } = await startEverywhere({
    seeds: { [PROD_US]: 2, [STAGING_EU]: 1 },
    env: { CALENDAR_TOKENS: apiKeyEntry('team', TOKEN, 'client-certificates:read'), CACHE_STALE_MS: '0' },
  });
  const get = async () => server.fetch(`http://localhost/calendar.ics?token=${TOKEN}`);
  const whole = await (await get()).text();
  expect(whole.match(/^BEGIN:VEVENT/gm)).toHaveLength(3);
  expect(new Set(whole.match(/^UID:\S+/gm)).size).toBe(3);
  failIn({ [STAGING_EU]: denied });
  pass(60_000);
  const response = await get();
  expect([response.status, await response.text()]).toEqual([
    503,
    expect.stringContaining('no whole calendar'),
  ]);
});
