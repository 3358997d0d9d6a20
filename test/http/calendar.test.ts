import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import type { Example } from '../../src/emulator/seeds.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { emptyFolder } from '../support/process.ts';
import { examples, type ServiceOptions, startService } from '../support/service.ts';

const NOW = new Date('2026-11-20T00:00:00Z');
const TRICKY = 'Pay, "ments"; back\\slash 🔑 and so on, until the line is far too long for one of a calendar';
const EXAMPLES: Example[] = [
  { id: 'aaa111', description: TRICKY, createdDate: new Date('2025-12-01T10:00:00Z') },
  { id: 'bbb222', createdDate: new Date('2026-11-02T00:00:00Z') },
];

const { key: TOKEN } = createApiKey('team');
const READ = apiKeyEntry('team', TOKEN, 'client-certificates:read');

async function start({ env, ...options }: ServiceOptions = {}) {
  const service = await startService({
    emulator: { examples: EXAMPLES },
    now: () => NOW,
    env: { CALENDAR_TOKENS: READ, ...env },
    ...options,
  });
  return {
    ...service,
    get: async (query = `token=${TOKEN}`, init: RequestInit = {}) =>
      service.server.fetch(`http://localhost/calendar.ics?${query}`, init),
  };
}

/** The events as another library reads them. */
const eventsIn = (text: string) =>
  new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((component) => ({
    event: new ICAL.Event(component),
    alarms: component.getAllSubcomponents('valarm'),
  }));

test('there is one event per certificate at its expiration, with alarms before', async () => {
  const { get, callsOf } = await start();
  let text = '';
  const calls = await callsOf(async () => {
    const response = await get();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/calendar; charset=utf-8',
    ]);
    text = await response.text();
  });
  expect(calls).toEqual(['GetClientCertificates']);
  const events = eventsIn(text);
  expect(events.map(({ event }) => [event.startDate.toJSDate().toISOString(), event.summary])).toEqual([
    ['2026-12-01T10:00:00.000Z', `${TRICKY}: client certificate expires`],
    ['2027-11-02T00:00:00.000Z', 'bbb222: client certificate expires'],
  ]);
  expect(events[0]?.event.description).toMatch(/^Client certificate aaa111 in us-east-1\.\n/);
  expect(events[0]?.alarms.map((alarm) => `${alarm.getFirstPropertyValue('trigger')}`)).toEqual([
    '-P30D',
    '-P14D',
    '-P7D',
    '-P3D',
    '-P1D',
  ]);
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
});

test('an event keeps its UID whatever happens, and what a client has is not sent again', async () => {
  const { get, query } = await start();
  const response = await get();
  const etag = response.headers.get('etag') ?? '';
  const uids = eventsIn(await response.text()).map(({ event }) => event.uid);
  expect(new Set(uids).size).toBe(2);
  expect((await get(undefined, { headers: { 'if-none-match': etag } })).status).toBe(304);
  const head = await get(undefined, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  await query(
    'mutation { updateClientCertificate(input: { id: "aaa111", description: "New" }) { __typename } }',
  );
  const later = eventsIn(await (await get()).text());
  expect(later.map(({ event }) => event.uid)).toEqual(uids);
  expect(later[0]?.event.summary).toBe('New: client certificate expires');
});

test('whatever a description has, the file is a calendar with the same lines', async () => {
  const wild = 'a\r\nEND:VEVENT\rb\u0000\u0007\u007f\u0085\t';
  const long = '👩‍👩‍👧é漢'.repeat(60);
  const { get } = await start({
    emulator: { examples: [wild, long].map((description) => ({ description, createdDate: NOW })) },
  });
  const text = await (await get()).text();
  expect(text).not.toMatch(/[\p{Cc}--[\t\r\n]]|\r(?!\n)|(?<!\r)\n|\p{Cs}/v);
  expect(
    eventsIn(text)
      .map(({ event }) => event.summary.split(': client')[0])
      .toSorted(),
  ).toEqual(['a\nEND:VEVENT\nb    \t', long]);
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
});

test('without certificates there is a calendar without events, and with a component, as there must be', async () => {
  const { get } = await start({ emulator: { examples: [] } });
  const calendar = new ICAL.Component(ICAL.parse(await (await get()).text()));
  expect(calendar.getAllSubcomponents().map(({ name }) => name)).toEqual(['vtimezone']);
});

test('a token that is taken out of the file is of no use any more, without a restart', async () => {
  const file = join(await emptyFolder(), 'tokens');
  const { key: other } = createApiKey('other');
  const others = apiKeyEntry('other', other, 'client-certificates:read');
  await writeFile(file, `${READ}\n${others}`);
  const checks: (() => void)[] = [];
  const { get } = await start({
    env: { CALENDAR_TOKENS: '', CALENDAR_TOKENS_FILE: file },
    clock: { every: (_, run) => void checks.push(run) },
  });
  const statuses = async () =>
    Promise.all([TOKEN, other].map(async (token) => (await get(`token=${token}`)).status));
  expect(await statuses()).toEqual([200, 200]);
  const { headers } = await get();
  await writeFile(file, others);
  for (const check of checks) check();
  expect(await statuses()).toEqual([401, 200]);
  const known = { headers: { 'if-none-match': headers.get('etag') ?? '' } };
  expect((await get(undefined, known)).status).toBe(401);
  expect((await get(undefined, { method: 'HEAD' })).status).toBe(401);
});

test.each(['', 'token=', 'token=wrong', `token=${TOKEN}x`, `key=${TOKEN}`])(
  'with "%s" there is no calendar, and AWS is not asked',
  async (query) => {
    const { get, callsOf } = await start();
    expect(await callsOf(async () => expect((await get(query)).status).toBe(401))).toEqual([]);
  },
);

test('a token is for the calendar alone, and never more than reading', async () => {
  const { get, server } = await start({
    env: { AUTH: 'api-key', API_KEYS: apiKeyEntry('other', 'other'), CALENDAR_TOKENS: READ },
  });
  expect((await get()).status).toBe(200);
  for (const path of ['graphql?query={__typename}&', 'metrics?', 'trust-bundle/pem?']) {
    const response = await server.fetch(`http://localhost/${path}token=${TOKEN}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect([path, response.status]).toEqual([path, 401]);
  }
  const { get: without } = await start({ env: { CALENDAR_TOKENS: apiKeyEntry('w', TOKEN, 'stages:write') } });
  expect((await without()).status).toBe(401);
});

test('without tokens there is no such path, and nothing but reading with them', async () => {
  const { get } = await start({ env: { CALENDAR_TOKENS: '' } });
  expect((await get()).status).toBe(404);
  const { get: post } = await start();
  expect((await post(undefined, { method: 'PUT' })).status).toBe(405);
});

test('the log has an operation with the name of the token, and never the token', async () => {
  const { get, operations, log } = await start();
  await get();
  await get('token=wrong-but-secret');
  expect(operations).toMatchObject([{ operation: 'Calendar', viewer: 'team' }]);
  expect(JSON.stringify([operations, log])).not.toContain(TOKEN);
  expect(JSON.stringify([operations, log])).not.toContain('wrong-but-secret');
});

test('the log and the metrics are about all pages of which a long calendar is made', async () => {
  const { get, operations, metrics } = await start({
    emulator: { examples: examples(1200), quota: 10_000 },
    env: { CACHE_TTL_MS: '1000' },
  });
  expect(eventsIn(await (await get()).text())).toHaveLength(1200);
  expect(operations).toMatchObject([{ operation: 'Calendar', awsCalls: 3 }]);
  expect(await metrics.text()).toContain('certway_aws_reads_saved_total{how="reused"}');
});
