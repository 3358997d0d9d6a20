import { createHmac, createSign } from 'node:crypto';
import fc from 'fast-check';
import { exportSPKI } from 'jose';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createAuthenticator } from '../../src/auth/authentication.ts';
import { parseConfig } from '../../src/settings/config.ts';
import {
  AUDIENCE,
  createSigner,
  ISSUER,
  jwtEnv,
  QUERY,
  type Signer,
  startJwks,
  startJwtService,
  tokenOf,
} from '../support/authentication.ts';
import { runs } from '../support/runs.ts';
import { noTimeout } from '../support/service.ts';

const rsa = await createSigner('rsa', 'RS256');
const ec = await createSigner('ec', 'ES256');
const ed = await createSigner('ed', 'EdDSA');
const start = () => startJwtService(rsa, ec, ed);

const NOW = Date.parse('2026-06-15T12:00:00Z') / 1000;

type Claims = Record<string, unknown>;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const goodClaims = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'portal',
  exp: NOW + 300,
  scope: 'client-certificates:read',
};

/** A signer whose JWKS entry leaves the algorithm open, as many issuers do. */
const withoutAlg = ({ jwk: { alg: _, ...jwk }, ...signer }: Signer): Signer => ({ ...signer, jwk });

test.each([rsa, ec, ed])('a token signed with $alg is accepted', async (signer) => {
  const { post, token } = await start();
  const response = await post(QUERY, { authorization: `Bearer ${await token(signer)}` });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});

test.each([rsa, ec, ed])(
  'a token signed with $alg is accepted when the JWKS names no algorithm',
  async (signer) => {
    const { call, token } = await startJwtService(withoutAlg(signer));
    expect(await call(await token(signer))).toBe(200);
  },
);

describe('no other algorithm is accepted:', () => {
  test.each(['none', 'None', 'NONE', ''])('alg "%s"', async (alg) => {
    const { call } = await start();
    const unsigned = `${encode({ alg, typ: 'JWT' })}.${encode(goodClaims)}`;
    for (const token of [`${unsigned}.`, unsigned, `${unsigned}.AAAA`]) expect(await call(token)).toBe(401);
  });

  test.each(['HS256', 'HS384', 'HS512'])('%s with the public key as its secret', async (alg) => {
    const { call } = await startJwtService(withoutAlg(rsa));
    const pem = await exportSPKI(rsa.publicKey);
    const secrets = [
      pem,
      pem.trimEnd(),
      JSON.stringify(rsa.jwk),
      rsa.jwk.n ?? '',
      Buffer.from(rsa.jwk.n ?? '', 'base64url'),
    ];
    for (const header of [{ alg, kid: 'rsa' }, { alg }])
      for (const secret of secrets) {
        const text = `${encode(header)}.${encode(goodClaims)}`;
        const signature = createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url');
        expect(await call(`${text}.${signature}`)).toBe(401);
      }
  });

  test.each(['RS384', 'RS512', 'PS256'])('%s, although the key would allow it', async (alg) => {
    const other = await createSigner('other', alg);
    for (const signer of [other, withoutAlg(other)]) {
      const { call, token } = await startJwtService(signer);
      expect(await call(await token(signer))).toBe(401);
    }
  });

  test('RS256 with a SHA-1 signature', async () => {
    const { call } = await start();
    const text = `${encode({ alg: 'RS256', kid: 'rsa' })}.${encode(goodClaims)}`;
    const { privateKey } = rsa;
    const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey));
    const signature = createSign('sha1')
      .update(text)
      .sign({ key, format: 'der', type: 'pkcs8' }, 'base64url');
    expect(await call(`${text}.${signature}`)).toBe(401);
  });
});

describe('a token with', () => {
  test.each<[string, Claims]>([
    ['another issuer', { iss: 'https://evil.example.com/' }],
    ['an issuer with a suffix', { iss: `${ISSUER}x` }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'other' }],
    ['several audiences, none of them ours', { aud: ['other', 'certway2'] }],
    ['no audience', { aud: undefined }],
    ['no expiry', { exp: undefined }],
    ['an expiry that is not a number', { exp: `${NOW + 300}` }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is not a string', { sub: 42 }],
    ['a time before which it is not valid, in 31 seconds', { nbf: NOW + 31 }],
    ['an expiration 30 seconds ago', { exp: NOW - 30 }],
    ['an expiration 31 seconds ago', { exp: NOW - 31 }],
  ])('%s is refused', async (_, claims) => {
    const { call, token } = await start();
    expect(await call(await token(ec, { claims }))).toBe(401);
  });

  test.each<[string, Claims]>([
    ['an expiration 29 seconds ago, because clocks differ', { exp: NOW - 29 }],
    ['a time before which it is not valid, in 29 seconds', { nbf: NOW + 29 }],
    ['our audience among others', { aud: ['other', AUDIENCE] }],
    ['an expiration in a hundred years', { exp: NOW + 3_153_600_000 }],
  ])('%s is accepted', async (_, claims) => {
    const { call, token } = await start();
    expect(await call(await token(ec, { claims }))).toBe(200);
  });

  test('an expiration that passes while the service runs is refused from then on', async () => {
    const { call, token, pass } = await start();
    const short = await token(ec, { claims: { exp: NOW + 10 } });
    expect(await call(short)).toBe(200);
    pass(39_000);
    expect(await call(short)).toBe(200);
    pass(1_000);
    expect(await call(short)).toBe(401);
  });
});

describe('the key', () => {
  test('of someone else is refused, whatever kid the token has', async () => {
    const { call, token } = await start();
    const stranger = await createSigner('ec');
    expect(await call(await token(stranger))).toBe(401);
    expect(await call(await token(stranger, { header: { kid: 'unknown' } }))).toBe(401);
    expect(await call(await token(stranger, { header: { kid: undefined } }))).toBe(401);
  });

  test('inside the token is not used, and a key that the token links to is not fetched', async () => {
    const { call, token } = await start();
    const stranger = await createSigner('stranger');
    const elsewhere = await startJwks(stranger);
    for (const header of [{ jwk: stranger.jwk }, { jku: elsewhere.url }, { x5u: elsewhere.url }])
      for (const kid of ['ec', 'stranger', undefined])
        expect(await call(await token(stranger, { header: { ...header, kid } }))).toBe(401);
    expect(elsewhere.fetches).toBe(0);
  });

  test('needs no kid if only one fits', async () => {
    const { call, token } = await start();
    expect(await call(await token(ec, { header: { kid: undefined } }))).toBe(200);
  });

  test('needs a kid if several fit', async () => {
    const second = await createSigner('second');
    const { call, token } = await startJwtService(ec, second);
    for (const signer of [ec, second]) {
      expect(await call(await token(signer))).toBe(200);
      expect(await call(await token(signer, { header: { kid: undefined } }))).toBe(401);
    }
  });

  test('is not used for another algorithm', async () => {
    const { call, token } = await start();
    expect(await call(await token(ec, { header: { kid: 'rsa' } }))).toBe(401);
    expect(await call(await token(rsa, { header: { kid: 'ed' } }))).toBe(401);
  });

  test('for encryption is not used', async () => {
    const { call, token } = await startJwtService({ ...ec, jwk: { ...ec.jwk, use: 'enc' } });
    expect(await call(await token(ec))).toBe(401);
  });

  test('that is private or symmetric in the JWKS is not used', async () => {
    const secret = { kty: 'oct', k: encode('secret'), kid: 'ec' };
    const { call, token } = await startJwtService({ ...ec, jwk: secret });
    expect(await call(await token(ec))).toBe(401);
  });

  test('is not enough for a token with an extension that the service does not know', async () => {
    const { call } = await start();
    const signed = async (header: object) => {
      const text = `${encode({ alg: 'ES256', kid: 'ec', ...header })}.${encode(goodClaims)}`;
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
      const signature = await crypto.subtle.sign(algorithm, ec.privateKey, Buffer.from(text));
      return `${text}.${Buffer.from(signature).toString('base64url')}`;
    };
    expect(await call(await signed({ exp2: 1 }))).toBe(200);
    expect(await call(await signed({ exp2: 1, crit: ['exp2'] }))).toBe(401);
    expect(await call(await signed({ b64: false, crit: ['b64'] }))).toBe(401);
  });
});

describe('the viewer', () => {
  const viewerOf = async (claims: Claims) => {
    const { url } = await startJwks(ec);
    const authenticate = await createAuthenticator(parseConfig(jwtEnv(url)).auth, {
      log: pino({ level: 'silent' }),
      timeout: noTimeout,
    });
    const authorization = `Bearer ${await tokenOf(ec, { claims })}`;
    const viewer = await authenticate((header) => ({ authorization })[header]);
    if (viewer instanceof Error) throw viewer;
    const { name, scopes } = viewer;
    return { name, scopes: [...scopes] };
  };
  const READ = 'client-certificates:read';
  const WRITE = 'client-certificates:write';

  test('is the subject', async () => {
    expect(await viewerOf({ sub: 'user|42' })).toMatchObject({ name: 'user|42' });
  });

  test.each<[string, Claims, string[]]>([
    ['scope', { scope: `${READ} ${WRITE}` }, [READ, WRITE]],
    ['scope, with others', { scope: `openid ${READ}  email` }, [READ]],
    ['scp as text', { scope: undefined, scp: `${WRITE} x` }, [WRITE]],
    ['scp as a list', { scope: undefined, scp: ['x', READ] }, [READ]],
    ['both', { scope: READ, scp: [WRITE] }, [READ, WRITE]],
    ['neither', { scope: undefined }, []],
    ['values of other types', { scope: 42, scp: [null, { a: READ }, 1] }, []],
    [
      'words that only resemble a scope',
      { scope: `${READ}2 x${READ} client-certificates: read * ${READ},` },
      [],
    ],
    ['another case', { scope: READ.toUpperCase() }, []],
  ])('has the scopes of %s', async (_, claims, scopes) => {
    expect(await viewerOf(claims)).toMatchObject({ scopes });
  });
});

describe('a refusal', () => {
  test('says of an expired token that it has expired, and of any other only that it is not valid', async () => {
    const { post, token } = await start();
    const stranger = await createSigner('ec');
    const refused = async (text: string) => {
      const response = await post(QUERY, { authorization: `Bearer ${text}` });
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      return { challenge: response.headers.get('www-authenticate'), body: await response.json() };
    };
    const because = (message: string) => ({
      challenge: `Bearer realm="certway", error="invalid_token", error_description="${message}"`,
      body: { errors: [{ message, extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) } }] },
    });
    const invalid = because('The credentials are not valid.');
    expect(await refused(await token(ec, { claims: { exp: NOW - 31 } }))).toEqual(
      because('The credentials have expired.'),
    );
    expect(await refused(await token(ec, { claims: { aud: 'other' } }))).toEqual(invalid);
    expect(await refused(await token(stranger))).toEqual(invalid);
    expect(await refused(await token(stranger, { claims: { exp: NOW - 31 } }))).toEqual(invalid);
    expect(await refused('x')).toEqual(invalid);
  });

  test('is logged with its reason, and without the token', async () => {
    const { call, token, log } = await start();
    const wrong = await token(ec, { claims: { aud: 'hush', sub: 'hush' } });
    expect(await call(wrong)).toBe(401);
    expect(log).toEqual([
      {
        level: 'info',
        reason: 'unexpected "aud" claim value',
        requestId: expect.any(String),
        msg: 'not authenticated',
      },
    ]);
    expect(await call(`${wrong}x.y`)).toBe(401);
    const text = JSON.stringify(log);
    expect(text).not.toContain('hush');
    for (const part of wrong.split('.')) expect(text).not.toContain(part);
  });
});

test('garbage is never accepted, and always gives a 401', async () => {
  const { post, token } = await start();
  const good = await token(ec);
  const [header = '', payload = '', signature = ''] = good.split('.');
  const part = fc.oneof(
    fc.constantFrom('', header, payload, signature),
    fc.json().map((json) => Buffer.from(json).toString('base64url')),
    fc
      .record(
        {
          alg: fc.oneof(fc.constantFrom('ES256', 'RS256', 'none', 'HS256', 'dir'), fc.jsonValue()),
          kid: fc.oneof(fc.constantFrom('ec', '__proto__', 'constructor'), fc.jsonValue()),
          crit: fc.jsonValue(),
          b64: fc.jsonValue(),
          typ: fc.jsonValue(),
          jwk: fc.jsonValue(),
        },
        { requiredKeys: ['alg'] },
      )
      .map(encode),
    fc.base64String(),
    fc.string(),
  );
  const changed = fc
    .tuple(fc.nat(header.length + payload.length), fc.constantFrom('A', 'b', '-', '_', '9', ' ', '.', '='))
    .filter(([at, character]) => good[at] !== character)
    .map(([at, character]) => good.slice(0, at) + character + good.slice(at + 1));
  const garbage = fc.oneof(
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.')),
    changed,
    fc.nat(good.length - 1).map((length) => good.slice(0, length)),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(`${good} ${good}`, `${good}, Bearer ${good}`, `"${good}"`, `${good}.${signature}`),
  );
  const scheme = fc.constantFrom('Bearer ', 'bearer  ', 'Bearer', 'Basic ', 'Token ', 'DPoP ', '');
  await fc.assert(
    fc.asyncProperty(scheme, garbage, async (name, text) => {
      const authorization = `${name}${text}`.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '');
      fc.pre(authorization.split(/ +/)[1] !== good || !/^bearer +\S+ *$/i.test(authorization));
      const response = await post(QUERY, { authorization });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) } }],
      });
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="certway"/);
    }),
    { numRuns: runs(1000) },
  );
});
