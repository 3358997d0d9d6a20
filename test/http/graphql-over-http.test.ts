import { createServer } from 'node:http';
import { serverAudits } from 'graphql-http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import { startService } from '../support/service.ts';

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const auditsOf = (fetchFn: Fetch) => serverAudits({ url: 'http://localhost/graphql', fetchFn });

test('there are 61 audits', () => {
  expect(auditsOf(fetch)).toHaveLength(61);
});

/** Each path of a request through the service. */
const WAYS: Record<string, Fetch> = {
  'executed for a caller in this process': async (url, init) =>
    (await startService()).server.fetch(url, init),
  'executed for a client on a socket': async (url, init) => {
    const { server } = await startService();
    const http = createServer(server.listener);
    onTestFinished(() => stop(http));
    return fetch(url.replace('http://localhost', await listen(http)), init);
  },
  'asked a second time, so that it may be answered with what was kept': async (url, init) => {
    const { server } = await startService({ env: { CACHE_TTL_MS: '60000' } });
    await server.fetch(url, init);
    return server.fetch(url, init);
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
