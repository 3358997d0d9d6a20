import { serverAudits } from 'graphql-http';
import { describe, expect, test } from 'vitest';
import { startService } from './support.ts';

const audits = serverAudits({
  url: 'http://localhost/graphql',
  fetchFn: async (url: string, init: RequestInit = {}) => (await startService()).server.fetch(url, init),
});

test('there are 61 audits', () => {
  expect(audits).toHaveLength(61);
});

describe('https://github.com/graphql/graphql-over-http, as graphql-http audits it:', () => {
  test.each(audits)('$name ($id)', async ({ fn }) => {
    expect(await fn()).toMatchObject({ status: 'ok' });
  });
});
