import { createServer } from 'node:http';
import { serverAudits } from 'graphql-http';
import { afterAll, describe, expect, test } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import { createParts } from '../support/service.ts';
import { waysIn } from '../support/ways.ts';

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const auditsOf = (fetchFn: Fetch) => serverAudits({ url: 'http://localhost/graphql', fetchFn });

test('there are 61 audits', () => {
  expect(auditsOf(fetch)).toHaveLength(61);
});

/** The services of all audits, which neither change anything nor call AWS. */
const { server } = await createParts();
const { server: keeping, metrics } = await createParts({ env: { CACHE_TTL_MS: '60000' } });
const http = createServer(server.listener);
const address = await listen(http);
afterAll(() => stop(http));

/** Each path of a request through the service. */
const WAYS: Record<string, Fetch> = {
  'executed for a caller in this process': server.fetch,
  'executed for a client on a socket': async (url, init) =>
    fetch(url.replace('http://localhost', address), init),
  'asked a second time, so that it may be answered with what was kept': async (url, init) => {
    await keeping.fetch(url, init);
    return keeping.fetch(url, init);
  },
  'asked again with other blanks, so that it may be answered by a plan': async (url, init = {}) => {
    const { body } = init;
    const withBlanks = (count: number) =>
      keeping.fetch(url, { ...init, ...(typeof body === 'string' && { body: body + ' '.repeat(count) }) });
    for (const count of [1, 2, 3]) await withBlanks(count);
    return withBlanks(4);
  },
};

describe.each(Object.entries(WAYS))(
  'https://github.com/graphql/graphql-over-http, by the audits of graphql-http, %s:',
  (_, fetchFn) => {
    test.each(auditsOf(fetchFn))('$name ($id)', async ({ fn }) => {
      expect(await fn()).toMatchObject({ status: 'ok' });
    });
  },
);

test('plans have answered some of them', async () => {
  expect((await waysIn(metrics))['plan']).toBeGreaterThan(10);
});
