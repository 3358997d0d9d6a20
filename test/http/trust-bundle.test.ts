import { describe, expect, test } from 'vitest';
import { AwsError, recorded } from '../../src/emulator/errors.ts';
import { brokenItem, type Fault, html502 } from '../../src/emulator/fault.ts';
import type { Example } from '../../src/emulator/seeds.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { createServiceClock } from '../support/clock.ts';
import { runService } from '../support/running-service.ts';
import { type ServiceOptions, startService } from '../support/service.ts';

const NOW = new Date('2026-11-20T00:00:00Z');
const EXAMPLES: Example[] = [
  { id: 'expired', createdDate: new Date('2025-11-01T00:00:00Z'), tags: { team: 'payments' } },
  {
    id: 'newest',
    createdDate: new Date('2026-11-02T00:00:00Z'),
    tags: { team: 'payments', 'a b': 'x:y', empty: '' },
  },
  { id: 'expiring', createdDate: new Date('2025-12-01T00:00:00Z'), tags: { team: 'orders' } },
];

async function start(options: ServiceOptions = {}) {
  const service = await startService({ emulator: { examples: EXAMPLES }, now: () => NOW, ...options });
  return {
    ...service,
    get: async (path: string, init: RequestInit = {}) =>
      service.server.fetch(`http://localhost/trust-bundle/${path}`, init),
  };
}

const idsIn = (text: string) => Array.from(text.matchAll(/^# (\w+),/gm), ([, id]) => id);

/** The error in a response, without the id of its request. */
async function errorOf(response: Response) {
  const { errors } = await response.json();
  const { requestId, ...extensions } = errors[0].extensions;
  expect(requestId).toBe(response.headers.get('x-request-id'));
  return { status: response.status, message: errors[0].message, extensions };
}

test.each([
  ['pem', 'PEM', 'application/x-pem-file'],
  ['sha1', 'SHA1', 'text/plain; charset=utf-8'],
  ['sha256', 'SHA256', 'text/plain; charset=utf-8'],
  ['nginx', 'NGINX', 'text/plain; charset=utf-8'],
  ['haproxy', 'HAPROXY', 'text/plain; charset=utf-8'],
  ['apache', 'APACHE', 'text/plain; charset=utf-8'],
  ['envoy', 'ENVOY', 'application/yaml; charset=utf-8'],
  ['json', 'JSON', 'application/json; charset=utf-8'],
])('/trust-bundle/%s is the text of the field, for one AWS call', async (path, format, contentType) => {
  const { get, query, callsOf } = await start();
  let response = new Response();
  const calls = await callsOf(async () => {
    response = await get(path);
  });
  expect(calls).toEqual(['GetClientCertificates']);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(contentType);
  expect(response.headers.get('cache-control')).toBe('private, no-cache');
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; frame/);
  const { data } = await query(`{ trustBundle { text(format: ${format}) } }`);
  expect(await response.text()).toBe(data.trustBundle.text);
});

test.each([
  ['', ['expiring', 'newest']],
  ['?', ['expiring', 'newest']],
  ['?tag=team:payments', ['newest']],
  ['?tag=team%3Apayments', ['newest']],
  ['?tag=team', ['expiring', 'newest']],
  ['?tag=team:payments&tag=empty:', ['newest']],
  ['?tag=a+b:x:y', ['newest']],
  ['?tag=team&status=expired&status=VALID', ['expired', 'newest']],
  ['?status=expiring', ['expiring']],
  ['?region=us-east-1&status=expiring', ['expiring']],
])('the query %j gives %j', async (search, ids) => {
  const { get } = await start();
  expect(idsIn(await (await get(`sha256${search}`)).text())).toEqual(ids);
});

describe('a client that has the file', () => {
  test('gets a 304 without it, until it changes', async () => {
    const { get, query } = await start();
    const first = await get('pem');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get('pem', { headers: { 'if-none-match': known } });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe('');
      for (const name of ['etag', 'cache-control', 'content-security-policy'])
        expect(again.headers.get(name)).toBe(first.headers.get(name));
    }
    await query('mutation { generateClientCertificate(input: {}) { __typename } }');
    const after = await get('pem', { headers: { 'if-none-match': etag } });
    expect(after.status).toBe(200);
    expect(after.headers.get('etag')).not.toBe(etag);
  });

  test('gets the file where its tag is that of another form, or none', async () => {
    const { get } = await start();
    const etag = (await get('sha1')).headers.get('etag') ?? '';
    for (const known of [etag, '', 'rubbish', '"a,*,b"', etag.replaceAll('"', '')])
      expect((await get('pem', { headers: { 'if-none-match': known } })).status).toBe(200);
  });
});

test('HEAD is answered as GET without the file, on a socket too', async () => {
  const { url } = await runService({ emulator: { examples: EXAMPLES } });
  const [head, get] = await Promise.all(
    ['HEAD', 'GET'].map((method) => fetch(`${url}/trust-bundle/pem?status=expired&status=valid`, { method })),
  );
  expect(await head?.text()).toBe('');
  expect((await get?.text())?.length).toBe(Number(get?.headers.get('content-length')));
  for (const name of ['etag', 'content-type', 'content-length', 'cache-control'])
    expect(head?.headers.get(name), name).toBe(get?.headers.get(name));
});

describe('an invalid request', () => {
  test.each(['', '/', '/PEM', '/pem/x', '/der', '/%70em', '/__proto__'])(
    '/trust-bundle%s is a 404',
    async (path) => {
      const { server, calls } = await start();
      const response = await server.fetch(`http://localhost/trust-bundle${path}`);
      expect(await errorOf(response)).toMatchObject({
        status: 404,
        message: expect.stringContaining('expected /trust-bundle/pem, /trust-bundle/sha1'),
        extensions: { code: 'BAD_REQUEST' },
      });
      expect(calls).toEqual([]);
    },
  );

  test('a path that merely has the same beginning is treated like any other path', async () => {
    const { server } = await start();
    const response = await server.fetch('http://localhost/trust-bundles/pem');
    expect((await errorOf(response)).message).toContain('GraphQL is at /graphql');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is a 405', async (method) => {
    const { get, calls } = await start();
    const response = await get('pem', { method });
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(await errorOf(response)).toEqual({
      status: 405,
      message: `method: expected GET or HEAD, got ${method}`,
      extensions: { code: 'BAD_REQUEST' },
    });
    expect(calls).toEqual([]);
  });

  test.each([
    ['?tags=team:payments', 'expected no other parameters than tag, status, account and region, got "tags"'],
    ['?tag', 'tag.0.key: expected 1 to 128 characters, got 0'],
    ['?tag=:payments', 'tag.0.key: expected 1 to 128 characters, got 0'],
    ['?status=', 'status.0: expected valid, expiring or expired, got ""'],
    [
      '?status=dead&tag=&format=PEM',
      'expected no other parameters than tag, status, account and region, got "format"; ' +
        'tag.0.key: expected 1 to 128 characters, got 0; status.0: expected valid, expiring or expired, got "dead"',
    ],
    [`?tag=${'x'.repeat(129)}`, 'tag.0.key: expected 1 to 128 characters, got 129'],
    [`?tag=a:${'x'.repeat(257)}`, 'tag.0.value: expected 0 to 256 characters, got 257'],
    [`?${'tag=a&'.repeat(51)}`, 'tag: expected 1 to 50, got 51'],
    ['?account=prod', 'filter.accounts.0: expected none, since no accounts are configured, got "prod"'],
    ['?region=mars', 'filter.regions.0: expected us-east-1, got "mars"'],
    ['?tag=%ff', 'The query of the URL is not UTF-8.'],
  ])('%j is a 400 that says: %s', async (search, message) => {
    const { get, calls } = await start();
    expect(await errorOf(await get(`pem${search}`))).toMatchObject({ status: 400, message });
    expect(calls).toEqual([]);
  });

  test('thousands of unknown parameters are not listed one by one', async () => {
    const { get } = await start();
    const search = Array.from({ length: 2000 }, (_, i) => `p${i}=&status=s${i}`).join('&');
    const { status, extensions } = await errorOf(await get(`pem?${search}`));
    expect(status).toBe(400);
    expect(extensions.issues).toHaveLength(40);
  });

  test('a tag that no certificate has is a 404, so that no backend is told to trust nothing', async () => {
    const { get } = await start();
    expect(await errorOf(await get('pem?tag=team:paymets'))).toEqual({
      status: 404,
      message: 'No client certificate matches.',
      extensions: { code: 'NOT_FOUND' },
    });
  });
});

describe('access', () => {
  const API_KEYS = [
    apiKeyEntry('reader', 'reader', 'client-certificates:read'),
    apiKeyEntry('writer', 'writer', 'client-certificates:write'),
  ].join(',');
  const env = { AUTH: 'api-key', API_KEYS };

  test.each([
    ['is refused without credentials', {}, 401, 'UNAUTHENTICATED'],
    ['is refused with a wrong key', { 'x-api-key': 'wrong' }, 401, 'UNAUTHENTICATED'],
    ['is refused without the scope', { 'x-api-key': 'writer' }, 403, 'FORBIDDEN'],
  ])('%s', async (_, headers, status, code) => {
    const { get, calls } = await start({ env });
    const response = await get('pem', { headers });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await errorOf(response)).toMatchObject({ status, extensions: { code } });
    expect(calls).toEqual([]);
  });

  test('is refused without credentials even to a form that does not exist', async () => {
    const { get } = await start({ env });
    expect((await get('der')).status).toBe(401);
  });

  test('is granted to a client with the scope, up to the rate limit', async () => {
    const { get } = await start({ env: { ...env, RATE_LIMIT_PER_MINUTE: '2' } });
    const headers = { 'x-api-key': 'reader' };
    const left = [];
    for (let request = 0; request < 2; request += 1) {
      const response = await get('pem', { headers });
      expect(response.status).toBe(200);
      left.push(response.headers.get('ratelimit-remaining'));
    }
    expect(left).toEqual(['1', '0']);
    const response = await get('pem', { headers });
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await errorOf(response)).toMatchObject({ status: 429, extensions: { code: 'RATE_LIMITED' } });
  });

  test('no page of another origin', async () => {
    const { get } = await start();
    const response = await get('pem', {
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    });
    expect(await errorOf(response)).toMatchObject({ extensions: { code: 'CROSS_ORIGIN_REFUSED' } });
  });
});

describe('where AWS does not answer as it should, there is no bundle', () => {
  const error = (error: AwsError): Fault => ({ kind: 'error', error });

  test.each([
    ['a broken certificate', brokenItem, 502, 'UPSTREAM_UNAVAILABLE'],
    ['a failure', html502, 502, 'UPSTREAM_UNAVAILABLE'],
    ['a denial', error(new AwsError(403, 'AccessDeniedException', 'no')), 502, 'UPSTREAM_DENIED'],
    ['a throttle', error(recorded.throttled()), 503, 'THROTTLED'],
  ])('%s is an error', async (_, fault, status, code) => {
    const { get, fail, log } = await start();
    fail(() => fault);
    const response = await get('nginx', { headers: { 'x-request-id': 'mine' } });
    expect(response.headers.has('retry-after')).toBe(status === 503);
    expect(response.headers.get('etag')).toBe(null);
    expect(await errorOf(response)).toMatchObject({ status, extensions: { code } });
    expect(log).toMatchObject([{ level: 'warn', requestId: 'mine', code }]);
  });

  test('an answer that does not come is a 504', async () => {
    const { get, fail } = await start({ env: { REQUEST_TIMEOUT_MS: '100' } });
    fail(() => ({ kind: 'no-answer' }));
    expect(await errorOf(await get('pem'))).toMatchObject({
      status: 504,
      extensions: { code: 'UPSTREAM_TIMEOUT' },
    });
  });

  test('an old one, which stands in, tells its age', async () => {
    const { elapsedMs, later, pass } = createServiceClock();
    const { get, fail } = await start({
      clock: { elapsedMs, later },
      env: { CACHE_TTL_MS: '1000', CACHE_STALE_MS: '60000' },
    });
    const fresh = await get('pem');
    expect(fresh.headers.get('age')).toBe(null);
    fail(() => html502);
    await pass(5000);
    const stale = await get('pem');
    expect(stale.status).toBe(200);
    expect(stale.headers.get('age')).toBe('5');
    const again = await get('pem', { headers: { 'if-none-match': fresh.headers.get('etag') ?? '' } });
    expect([again.status, again.headers.get('age')]).toEqual([304, '5']);
  });

  test('an operation that may not cost so much is a 400', async () => {
    const { get } = await start({ env: { MAX_COST: '100' } });
    expect(await errorOf(await get('pem'))).toMatchObject({
      status: 400,
      extensions: { code: 'OPERATION_TOO_LARGE' },
    });
  });

  test('an answer that would be too large is a 400', async () => {
    const { get } = await start({ env: { MAX_RESPONSE_BYTES: '1500' } });
    expect(await errorOf(await get('pem'))).toMatchObject({
      status: 400,
      extensions: { code: 'RESPONSE_TOO_LARGE' },
    });
  });
});

test('it is logged and counted as an operation', async () => {
  const { get, operations, metrics } = await start();
  for (const path of ['pem', 'nginx?tag=team:payments'])
    await get(path, { headers: { 'x-request-id': path.slice(0, 5) } });
  expect(operations).toMatchObject([
    { requestId: 'pem', operation: 'TrustBundle', viewer: 'anonymous', awsCalls: 1 },
    { requestId: 'nginx', operation: 'TrustBundle', viewer: 'anonymous', awsCalls: 1 },
  ]);
  expect(JSON.stringify(operations)).not.toContain('payments');
  expect(await metrics.text()).toContain('operation="TrustBundle",outcome="ok"');
});
