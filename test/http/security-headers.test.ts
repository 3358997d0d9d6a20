import { expect, test } from 'vitest';
import { createParts, startService } from '../support/service.ts';

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};
const DATA = "default-src 'none'; frame-ancestors 'none'";
const JSON_TYPE = { 'content-type': 'application/json' };

const post = (query: string): RequestInit => ({
  method: 'POST',
  headers: JSON_TYPE,
  body: JSON.stringify({ query }),
});

const ANSWERS: [what: string, status: number, path: string, init?: RequestInit][] = [
  ['data', 200, '/graphql', post('{ clientCertificates { nodes { id } } }')],
  ['data in a GET', 200, '/graphql?query={__typename}'],
  ['an error', 200, '/graphql', post('{')],
  ['a refused operation', 400, '/graphql', post('{ a: __typename b: __typename }')],
  ['a body that is no JSON', 400, '/graphql', { ...post(''), body: '{' }],
  ['a page of another origin', 403, '/graphql', { headers: { 'sec-fetch-site': 'cross-site' } }],
  ['an unknown path', 404, '/nowhere'],
  ['another method', 405, '/graphql', { method: 'DELETE' }],
  ['a body that is too large', 413, '/graphql', { ...post(''), body: 'x'.repeat(2000) }],
  ['a form', 415, '/graphql', { method: 'POST', body: new URLSearchParams({ query: '{ __typename }' }) }],
  ['health', 200, '/health'],
  ['readiness', 200, '/ready'],
  ['metrics', 200, '/metrics'],
  ['a preflight', 204, '/graphql', { method: 'OPTIONS', headers: { origin: 'https://portal.example.com' } }],
];

test.for(ANSWERS)(
  '%s (%i) is data, which browsers must not run, frame or store',
  async ([, status, path, init]) => {
    const { server } = await startService({
      env: { MAX_BODY_BYTES: '1024', MAX_ALIASES: '1', CORS_ORIGINS: 'https://portal.example.com' },
    });
    const response = await server.fetch(`http://localhost${path}`, init ?? {});
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...HEADERS,
      'content-security-policy': DATA,
      'cache-control': 'no-store',
    });
  },
);

test('the refusal of the rate limit (429) is data too', async () => {
  const { post, server } = await startService({ env: { RATE_LIMIT_PER_MINUTE: '1' } });
  await post({ query: '{ __typename }' });
  const { status, headers } = await server.fetch('http://localhost/graphql');
  expect(status).toBe(429);
  expect(Object.fromEntries(headers)).toMatchObject({ ...HEADERS, 'content-security-policy': DATA });
});

/** One service for both tests of the page, because each renders it again. */
const { server: pages } = await createParts();

const getPage = async (headers: Record<string, string> = {}) =>
  pages.fetch('http://localhost/graphql', { headers: { accept: 'text/html', ...headers } });

test('GraphiQL may run its own scripts and call its own origin', async () => {
  const { headers } = await getPage();
  expect(Object.fromEntries(headers)).toMatchObject({ ...HEADERS, 'cache-control': 'no-cache' });
  const policy = new Map(
    headers
      .get('content-security-policy')
      ?.split('; ')
      .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]),
  );
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('connect-src')).toEqual(["'self'"]);
  for (const nothing of ['base-uri', 'form-action', 'frame-ancestors'])
    expect(policy.get(nothing)).toEqual(["'none'"]);
  expect([...policy.values()].flat()).not.toContain('*');
  expect(headers.get('content-security-policy')).not.toMatch(/https?:/);
});

test('a browser with a cached GraphiQL gets the same policy again, because it applies the newest one', async () => {
  const { headers } = await getPage();
  const again = await getPage({ 'if-none-match': headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
  expect(again.headers.get('content-security-policy')).toBe(headers.get('content-security-policy'));
});
