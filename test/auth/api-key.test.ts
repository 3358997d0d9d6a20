import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findApiKey, parseApiKeys } from '../../src/auth/api-key.ts';
import { apiKeyEntry, QUERY, sha256, statusOf } from '../support/authentication.ts';
import { startService } from '../support/service.ts';

const OLD = 'certway_old';
const NEW = 'certway_new';
const READER = 'certway_reader';
const API_KEYS = [
  apiKeyEntry('portal', OLD),
  apiKeyEntry('portal', NEW),
  apiKeyEntry('dashboard', READER, 'client-certificates:read'),
].join(',');
const start = () => startService({ env: { AUTH: 'api-key', API_KEYS } });

/** The status of a small query with these headers. */
async function call(headers: Record<string, string>): Promise<number> {
  const { post } = await start();
  return statusOf(await post(QUERY, headers));
}

describe('a key is accepted', () => {
  test.each([OLD, NEW, READER])('while an old and a new key are both valid: %s', async (key) => {
    expect(await call({ authorization: `Bearer ${key}` })).toBe(200);
    expect(await call({ 'x-api-key': key })).toBe(200);
  });

  test.each([
    { Authorization: `Bearer ${OLD}` },
    { AUTHORIZATION: `bearer ${OLD}` },
    { authorization: `BEARER   ${OLD}` },
    { 'X-API-Key': OLD },
    { 'X-API-KEY': OLD },
    { authorization: 'Basic dXNlcjpwYXNz', 'x-api-key': OLD },
  ])('in any spelling of the header: %o', async (headers) => {
    expect(await call(headers)).toBe(200);
  });
});

describe('nothing else is accepted:', () => {
  test.each<[string, Record<string, string>]>([
    ['an unknown key', { authorization: 'Bearer certway_other' }],
    ['the hash of a key', { authorization: `Bearer ${sha256(OLD)}` }],
    ['a part of a key', { authorization: `Bearer ${OLD.slice(0, -1)}` }],
    ['a key with a suffix', { authorization: `Bearer ${OLD}x` }],
    ['a key in another case', { authorization: `Bearer ${OLD.toUpperCase()}` }],
    ['two keys', { authorization: `Bearer ${OLD}, Bearer ${NEW}` }],
    ['an unknown key next to a good one', { authorization: 'Bearer other', 'x-api-key': OLD }],
    ['an unknown key in the other header', { 'x-api-key': 'certway_other' }],
    ['a name', { 'x-api-key': 'portal' }],
  ])('%s', async (_, headers) => {
    const { post } = await start();
    const response = await post(QUERY, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="certway", error="invalid_token", error_description="The credentials are not valid."',
    );
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'The credentials are not valid.',
          extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
        },
      ],
    });
  });

  test.each<[string, Record<string, string>]>([
    ['no header', {}],
    ['an empty header', { authorization: '' }],
    ['an empty key', { 'x-api-key': '' }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['a key without a scheme', { authorization: OLD }],
    ['a key under another scheme', { authorization: `Basic ${OLD}` }],
    ['a key in a cookie', { cookie: `api_key=${OLD}` }],
  ])('%s, which is not a credential', async (_, headers) => {
    const { post } = await start();
    const response = await post(QUERY, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="certway"');
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'This service needs credentials.',
          extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
        },
      ],
    });
  });

  test.each(['access_token', 'api_key', 'x-api-key', 'authorization', 'key'])(
    'a key in the URL as %s, because URLs end up in logs',
    async (name) => {
      const { server } = await start();
      const url = `http://localhost/graphql?query=%7B__typename%7D&${name}=${encodeURIComponent(OLD)}`;
      expect(await statusOf(await server.fetch(url))).toBe(401);
    },
  );

  test('a key where JWTs are required', async () => {
    const { post } = await startService({
      env: {
        AUTH: 'jwt',
        JWT_ISSUER: 'x',
        JWT_AUDIENCE: 'x',
        JWT_JWKS_URL: 'http://127.0.0.1:9/',
        API_KEYS,
      },
    });
    for (const headers of [{ authorization: `Bearer ${OLD}` }, { 'x-api-key': OLD }])
      expect(await statusOf(await post(QUERY, headers))).toBe(401);
  });
});

test('a key has the scopes of its entry', async () => {
  const { post, calls } = await start();
  const generate =
    'mutation { generateClientCertificate(input: {}) { ... on GenerateClientCertificatePayload { clientMutationId } } }';
  const refused = await post({ query: generate }, { 'x-api-key': READER });
  expect(refused.status).toBe(200);
  expect(await refused.json()).toMatchObject({
    data: null,
    errors: [
      {
        message: 'Requires the scope client-certificates:write.',
        extensions: { code: 'FORBIDDEN', requiredScope: 'client-certificates:write' },
      },
    ],
  });
  expect(calls).toEqual([]);
  expect(await (await post({ query: generate }, { 'x-api-key': NEW })).json()).not.toHaveProperty('errors');
  expect(calls).toEqual(['GenerateClientCertificate']);
});

test('neither a key nor a part of one is logged', async () => {
  const { post, log } = await start();
  await post(QUERY, { authorization: 'Bearer certway_hush' });
  expect(log).toEqual([
    {
      level: 'info',
      reason: 'no API key has this hash',
      requestId: expect.any(String),
      msg: 'not authenticated',
    },
  ]);
});

test.each([
  ['the first', 'key-0'],
  ['the last', 'key-19'],
  ['none', 'other'],
])('every hash is compared in constant time when %s matches', (_, key) => {
  const { value: apiKeys } = parseApiKeys(
    Array.from({ length: 20 }, (_, i) => apiKeyEntry(`name-${i}`, `key-${i}`)).join(','),
  );
  const compare = vi.spyOn(crypto, 'timingSafeEqual');
  syncBuiltinESMExports(); // so that modules that import it by name get the spy
  onTestFinished(() => {
    compare.mockRestore();
    syncBuiltinESMExports();
  });
  expect(findApiKey(apiKeys, key)?.name).toBe(key === 'other' ? undefined : key.replace('key', 'name'));
  expect(compare.mock.calls.map(([hash]) => hash)).toEqual(apiKeys.map(({ hash }) => hash));
});
