import { describe, expect, test } from 'vitest';
import { apiKeyEntry, createSigner, startJwtService } from '../support/authentication.ts';
import { startService } from '../support/service.ts';

const WHO = '{ viewer { name scopes } }';
const ALL = ['client-certificates:read', 'client-certificates:write', 'stages:write'];

/** From the third time on an answer comes from a plan, and from the second on from the response cache, if they may make it. */
const TIMES = 4;

test('without authentication everyone is anonymous, and may do everything; AWS is not asked', async () => {
  const { query, calls } = await startService();
  expect(await query(WHO)).toEqual({ data: { viewer: { name: 'anonymous', scopes: ALL } } });
  expect(calls).toEqual([]);
});

describe.each(['true', 'false'])('with FAST_PATH=%s', (FAST_PATH) => {
  test('each of two API keys with the same scopes gets its own name, however often they ask', async () => {
    const { post, calls } = await startService({
      env: {
        AUTH: 'api-key',
        API_KEYS: [
          apiKeyEntry('portal', 'p', 'client-certificates:read'),
          apiKeyEntry('rotator', 'r', 'client-certificates:read'),
          apiKeyEntry('admin', 'a'),
        ].join(),
        CACHE_TTL_MS: '60000',
        FAST_PATH,
      },
    });
    const ask = async (key: string) =>
      (await (await post({ query: WHO }, { authorization: `Bearer ${key}` })).json()).data.viewer;
    for (let time = 0; time < TIMES; time += 1) {
      expect(await ask('p')).toEqual({ name: 'portal', scopes: ['client-certificates:read'] });
      expect(await ask('r')).toEqual({ name: 'rotator', scopes: ['client-certificates:read'] });
      expect(await ask('a')).toEqual({ name: 'admin', scopes: ALL });
    }
    expect(calls).toEqual([]);
  });

  test('beside certificates, which are reused, each caller gets the own name', async () => {
    const { post } = await startService({
      env: {
        AUTH: 'api-key',
        API_KEYS: [apiKeyEntry('portal', 'p'), apiKeyEntry('rotator', 'r')].join(),
        CACHE_TTL_MS: '60000',
        FAST_PATH,
      },
    });
    const query = '{ clientCertificates(first: 1) { nodes { id } } viewer { name } }';
    for (let time = 0; time < TIMES; time += 1)
      for (const [key, name] of [
        ['p', 'portal'],
        ['r', 'rotator'],
      ]) {
        const { data } = await (await post({ query }, { authorization: `Bearer ${key}` })).json();
        expect(data.viewer).toEqual({ name });
      }
  });
});

test('a token names its subject and those of its scopes that there are; it needs none', async () => {
  const signer = await createSigner('one');
  const { post, token } = await startJwtService(signer);
  const ask = async (claims: Record<string, unknown>) =>
    (await post({ query: WHO }, { authorization: `Bearer ${await token(signer, { claims })}` })).json();
  expect(await ask({ sub: 'ada', scope: 'openid stages:write client-certificates:read' })).toEqual({
    data: { viewer: { name: 'ada', scopes: ['client-certificates:read', 'stages:write'] } },
  });
  expect(await ask({ sub: 'eve', scope: undefined })).toEqual({
    data: { viewer: { name: 'eve', scopes: [] } },
  });
});

test('with several regions it is the same', async () => {
  const { query, calls } = await startService({ env: { AWS_REGIONS: 'us-east-1,eu-central-1' } });
  expect(await query(WHO)).toEqual({ data: { viewer: { name: 'anonymous', scopes: ALL } } });
  expect(calls).toEqual([]);
});

test('without credentials nobody is told anything', async () => {
  const { post } = await startService({ env: { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', 'p') } });
  expect((await post({ query: WHO })).status).toBe(401);
});
