import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createAuthenticator } from '../../src/auth/authentication.ts';
import { parseConfig } from '../../src/settings/config.ts';
import {
  createSigner,
  jwtEnv,
  type Signer,
  startJwks,
  startJwtService,
  startJwtServiceOn,
  statusOf,
  tokenOf,
} from '../support/authentication.ts';
import { until } from '../support/sharing.ts';

const known = await createSigner('known');
const newer = await createSigner('newer');
const SECOND = 1000;
const MINUTE = 60 * SECOND;

type Service = Awaited<ReturnType<typeof startJwtService>>;

/** Calls with `count` tokens at once, each with an unknown kid of its own. */
const flood = async ({ call, token }: Service, count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, i) =>
      call(await token(newer, { header: { kid: `unknown-${i}` } })),
    ),
  );

test('the keys are fetched at startup, and startup does not wait for them', async () => {
  const jwks = await startJwks(known);
  const { promise: asked, resolve: ask } = Promise.withResolvers<ServerResponse>();
  jwks.answer = ask;
  const { call, token, post } = await startJwtServiceOn(jwks);
  const response = await asked;
  expect(await statusOf(await post({ query: '{ __typename }' }))).toBe(401);
  const early = call(await token(known));
  response.end(JSON.stringify({ keys: [known.jwk] }));
  expect(await early).toBe(200);
  expect(jwks.fetches).toBe(1);
});

test('known keys are fetched once, however many tokens arrive, at once or one after the other', async () => {
  const { call, token, jwks } = await startJwtService(known);
  const good = await token(known);
  const statuses = await Promise.all(Array.from({ length: 50 }, () => call(good)));
  for (let i = 0; i < 10; i += 1) statuses.push(await call(good));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(jwks.fetches).toBe(1);
});

test('a flood of unknown kids causes one fetch, and another only after 30 seconds', async () => {
  const service = await startJwtService(known);
  const { call, token, jwks, pass } = service;
  expect(await call(await token(known))).toBe(200);
  expect(new Set(await flood(service, 100))).toEqual(new Set([401]));
  expect(jwks.fetches).toBe(1);
  pass(30 * SECOND);
  expect(new Set(await flood(service, 100))).toEqual(new Set([401]));
  await flood(service, 100);
  expect(jwks.fetches).toBe(2);
  pass(29 * SECOND);
  await flood(service, 10);
  expect(jwks.fetches).toBe(2);
  pass(SECOND);
  await flood(service, 10);
  expect(jwks.fetches).toBe(3);
});

test('an invalid token with a known kid causes no fetch', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  pass(60 * SECOND);
  expect(await call(await token(newer, { header: { kid: 'known' } }))).toBe(401);
  expect(await call(await token(known, { claims: { aud: 'other' } }))).toBe(401);
  expect(await call(await token(known, { claims: { exp: 1 } }))).toBe(401);
  expect(await call('garbage')).toBe(401);
  expect(jwks.fetches).toBe(1);
});

test('during a flood before the keys are known, valid tokens are accepted, with one fetch', async () => {
  const service = await startJwtService(known);
  const good = await service.token(known);
  const [bad, ...statuses] = await Promise.all([
    flood(service, 50),
    ...Array.from({ length: 50 }, () => service.call(good)),
  ]);
  expect(new Set(bad)).toEqual(new Set([401]));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(service.jwks.fetches).toBe(1);
});

test('a new key is accepted without a restart, beside the old one', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  jwks.signers = [known, newer];
  pass(30 * SECOND);
  expect(await call(await token(newer))).toBe(200);
  expect(await call(await token(known))).toBe(200);
  expect(jwks.fetches).toBe(2);
});

test('a withdrawn key is noticed after ten minutes, and no request waits for that', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  jwks.signers = [newer];
  pass(10 * MINUTE - 1);
  expect(await call(await token(known))).toBe(200);
  expect(jwks.fetches).toBe(1);
  pass(1);
  let release: (() => void) | undefined;
  jwks.answer = (response) => {
    release = () => response.end(JSON.stringify({ keys: [newer.jwk] }));
  };
  expect(await call(await token(known))).toBe(200);
  await until(() => expect(release).toBeDefined());
  expect(await call(await token(known))).toBe(200);
  release?.();
  await until(async () => expect(await call(await token(known))).toBe(401));
  expect(await call(await token(newer))).toBe(200);
  expect(jwks.fetches).toBe(2);
});

test('keys that are not used are not fetched again', async () => {
  const { call, token, jwks, pass, post } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  pass(60 * MINUTE);
  expect(await statusOf(await post({ query: '{ __typename }' }))).toBe(401);
  expect(jwks.fetches).toBe(1);
});

test('a clock that is set back does not stop the fetches', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  jwks.signers = [known, newer];
  pass(-60 * MINUTE);
  expect(await call(await token(newer))).toBe(200);
});

/** Sends endlessly, as fast as the data is read. */
function flow(response: ServerResponse): void {
  const send = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
  };
  response.on('drain', send);
  send();
}

const end =
  (status: number, body: string, headers = {}) =>
  (response: ServerResponse) =>
    response.writeHead(status, headers).end(body);

test.each<[string, (response: ServerResponse) => void]>([
  ['500', end(500, '{"keys":[]}')],
  ['404', end(404, '')],
  ['204', end(204, '')],
  ['an HTML page', end(200, '<html></html>')],
  ['nothing', end(200, '')],
  ['an empty object', end(200, '{}')],
  ['a list', end(200, '[]')],
  ['null', end(200, 'null')],
  ['invalid keys', end(200, '{"keys":[1,null,"x"]}')],
  ['truncated JSON', end(200, '{"keys":[{"kid":"new')],
  ['a closed connection', (response) => response.destroy()],
  [
    'half of its body, then nothing',
    (response) => response.writeHead(200, { 'content-length': 9 }).write('{"k'),
  ],
  ['an endless body', (response) => response.writeHead(200) && flow(response)],
  ['a long list of keys', end(200, JSON.stringify({ keys: Array(101).fill(newer.jwk) }))],
])(
  'while the JWKS server answers %s, known keys stay valid and others cannot be checked',
  async (_, answer) => {
    const { call, token, jwks, pass, log } = await startJwtService(known);
    expect(await call(await token(known))).toBe(200);
    jwks.answer = (response) => {
      answer(response);
      if (!response.writableEnded && response.writableLength < 65_536) setImmediate(() => response.destroy());
    };
    pass(30 * SECOND);
    expect(await call(await token(newer))).toBe(503);
    pass(24 * 60 * MINUTE);
    expect(await call(await token(known))).toBe(200);
    await until(() => expect(jwks.fetches).toBe(3));
    expect(log).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: 'JWT_JWKS_URL cannot be read; the keys that are known stay valid',
      }),
    );
    jwks.answer = undefined;
    jwks.signers = [newer];
    pass(30 * SECOND);
    await until(async () => {
      pass(30 * SECOND);
      expect(await call(await token(newer))).toBe(200);
    });
  },
);

test('a redirect is not followed', async () => {
  const [jwks, elsewhere] = [await startJwks(newer), await startJwks(newer)];
  jwks.answer = end(302, '', { location: elsewhere.url });
  const { call, token } = await startJwtServiceOn(jwks);
  expect(await call(await token(newer))).toBe(503);
  expect(elsewhere.fetches).toBe(0);
});

test('while the JWKS server is down, known keys stay valid and others cannot be checked', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  await jwks.stop();
  pass(60 * MINUTE);
  expect(await call(await token(known))).toBe(200);
  expect(await call(await token(newer))).toBe(503);
});

test('a token that would be invalid with any key is a 401 even while no keys are known', async () => {
  const jwks = await startJwks(known);
  jwks.answer = end(503, '');
  const { call, token, post } = await startJwtServiceOn(jwks);
  expect(await call(await token(known))).toBe(503);
  expect(await call('garbage')).toBe(401);
  expect(await statusOf(await post({ query: '{ __typename }' }))).toBe(401);
});

test('while no keys are known, the response is a 503 that says when to try again', async () => {
  const jwks = await startJwks(known);
  jwks.answer = end(503, '');
  const { post, token, log } = await startJwtServiceOn(jwks);
  const authorization = `Bearer ${await token(known)}`;
  const accept = 'application/graphql-response+json';
  const response = await post({ query: '{ __typename }' }, { authorization, accept });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
  expect(response.headers.has('www-authenticate')).toBe(false);
  expect(await response.json()).toEqual({
    errors: [
      {
        message: 'The credentials cannot be checked now.',
        extensions: {
          code: 'AUTHENTICATION_UNAVAILABLE',
          retryAfterSeconds: 1,
          requestId: response.headers.get('x-request-id'),
        },
      },
    ],
  });
  expect(log).toMatchObject([
    { level: 'warn', msg: 'JWT_JWKS_URL cannot be read; the keys that are known stay valid' },
    { level: 'info', msg: 'not authenticated', reason: 'the keys of the issuer cannot be read' },
  ]);
});

test('the pauses between failed fetches grow to 5 seconds while no keys are known', async () => {
  const jwks = await startJwks(known);
  jwks.answer = end(503, '');
  const service = await startJwtServiceOn(jwks);
  const { call, token, pass } = service;
  const good = await token(known);
  for (const [i, seconds] of [1, 2, 4, 5, 5].entries()) {
    expect(new Set(await flood(service, 20))).toEqual(new Set([503]));
    pass(seconds * SECOND - 1);
    expect(await call(good)).toBe(503);
    expect(jwks.fetches).toBe(i + 1);
    pass(1);
  }
  jwks.answer = undefined;
  expect(await call(good)).toBe(200);
  expect(jwks.fetches).toBe(6);
});

test('the pauses between failed fetches grow to 30 seconds once keys are known', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  jwks.answer = end(503, '');
  pass(30 * SECOND);
  for (const [i, seconds] of [1, 2, 4, 8, 16, 30, 30].entries()) {
    expect(await call(await token(newer))).toBe(503);
    expect(jwks.fetches).toBe(i + 2);
    pass(seconds * SECOND - 1);
    expect(await call(await token(newer))).toBe(503);
    expect(jwks.fetches).toBe(i + 2);
    pass(1);
  }
  jwks.answer = undefined;
  jwks.signers = [known, newer];
  expect(await call(await token(newer))).toBe(200);
});

test.each<[string, (response: ServerResponse) => void]>([
  ['does not answer', () => undefined],
  ['does not end its answer', (response) => response.writeHead(200).write('{')],
])(
  'while the JWKS server %s, requests with unknown keys wait for 3 seconds, and those with known keys do not wait',
  async (_, answer) => {
    const jwks = await startJwks(known);
    const waits: number[] = [];
    const timeout = new AbortController();
    let nowMs = Date.parse('2026-06-15T12:00:00Z');
    const authenticate = await createAuthenticator(parseConfig(jwtEnv(jwks.url)).auth, {
      log: pino({ level: 'silent' }),
      now: () => new Date(nowMs),
      timeout: (ms) => {
        waits.push(ms);
        return timeout.signal;
      },
    });
    const call = async (signer: Signer) => {
      const authorization = `Bearer ${await tokenOf(signer, { now: new Date(nowMs) })}`;
      return authenticate((header) => ({ authorization })[header]);
    };
    expect(await call(known)).toMatchObject({ name: 'portal' });
    const asked = new Promise<void>((resolve) => {
      jwks.answer = (response) => {
        answer(response);
        resolve();
      };
    });
    nowMs += 30 * SECOND;
    const waiting = Promise.all(Array.from({ length: 20 }, () => call(newer)));
    await asked;
    nowMs += 30 * SECOND; // however long a fetch takes, there is only one at a time
    expect(await call(known)).toMatchObject({ name: 'portal' });
    const late = call(newer);
    timeout.abort();
    for (const refused of [...(await waiting), await late])
      expect(refused).toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE', retryAfterSeconds: 1 });
    expect(waits).toEqual([3000, 3000]);
    expect(jwks.fetches).toBe(2);
  },
);
