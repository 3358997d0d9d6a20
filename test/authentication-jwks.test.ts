import type { ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { createSigner, startJwks, startJwtService } from './authentication-support.ts';

const known = await createSigner('known');
const newer = await createSigner('newer');
const SECOND = 1000;
const MINUTE = 60 * SECOND;

type Service = Awaited<ReturnType<typeof startJwtService>>;

/** Calls with `count` tokens at once, each with a kid of its own that nobody knows. */
const flood = async ({ call, token }: Service, count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, i) =>
      call(await token(newer, { header: { kid: `unknown-${i}` } })),
    ),
  );

test('nothing is fetched before the first token', async () => {
  const { post, jwks } = await startJwtService(known);
  expect((await post({ query: '{ __typename }' })).status).toBe(401);
  expect(jwks.fetches).toBe(0);
});

test('known keys are fetched once, however many tokens come, at once or one after the other', async () => {
  const { call, token, jwks } = await startJwtService(known);
  const good = await token(known);
  const statuses = await Promise.all(Array.from({ length: 50 }, () => call(good)));
  for (let i = 0; i < 10; i += 1) statuses.push(await call(good));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(jwks.fetches).toBe(1);
});

test('a flood of unknown kids makes one fetch, and another only after 30 seconds', async () => {
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

test('a token with a known kid that is not valid has nothing fetched again', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  pass(60 * SECOND);
  expect(await call(await token(newer, { header: { kid: 'known' } }))).toBe(401);
  expect(await call(await token(known, { claims: { aud: 'other' } }))).toBe(401);
  expect(await call(await token(known, { claims: { exp: 1 } }))).toBe(401);
  expect(await call('garbage')).toBe(401);
  expect(jwks.fetches).toBe(1);
});

test('a flood before the keys are known lets the good tokens in, with one fetch', async () => {
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

test('a new key is let in without a restart, next to the old one', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  jwks.signers = [known, newer];
  pass(30 * SECOND);
  expect(await call(await token(newer))).toBe(200);
  expect(await call(await token(known))).toBe(200);
  expect(jwks.fetches).toBe(2);
});

test('a key that was withdrawn is found out after ten minutes, without keeping anyone waiting', async () => {
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
  await vi.waitFor(() => expect(release).toBeDefined());
  expect(await call(await token(known))).toBe(200);
  release?.();
  await vi.waitFor(async () => expect(await call(await token(known))).toBe(401));
  expect(await call(await token(newer))).toBe(200);
  expect(jwks.fetches).toBe(2);
});

test('nothing is fetched for keys that nobody uses', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  pass(60 * MINUTE);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(jwks.fetches).toBe(1);
});

test('a clock that is set back does not stop the fetches', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  jwks.signers = [known, newer];
  pass(-60 * MINUTE);
  expect(await call(await token(newer))).toBe(200);
});

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
  ['keys that are none', end(200, '{"keys":[1,null,"x"]}')],
  ['JSON that is cut off', end(200, '{"keys":[{"kid":"new')],
  ['a closed connection', (response) => response.destroy()],
  [
    'half of its body, then nothing',
    (response) => response.writeHead(200, { 'content-length': 9 }).write('{"k'),
  ],
])('while the JWKS server answers %s, known keys stay and others are refused', async (_, answer) => {
  const { call, token, jwks, pass, log } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  jwks.answer = (response) => {
    answer(response);
    if (!response.writableEnded) setTimeout(() => response.destroy(), 100);
  };
  pass(30 * SECOND);
  expect(await call(await token(newer))).toBe(401);
  pass(24 * 60 * MINUTE);
  expect(await call(await token(known))).toBe(200);
  await vi.waitFor(() => expect(jwks.fetches).toBe(3));
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      msg: 'JWT_JWKS_URL cannot be read; the keys that are known stay valid',
    }),
  );
  jwks.answer = undefined;
  jwks.signers = [newer];
  pass(30 * SECOND);
  await vi.waitFor(async () => {
    pass(30 * SECOND);
    expect(await call(await token(newer))).toBe(200);
  });
});

test('a redirect is not followed', async () => {
  const elsewhere = await startJwks(newer);
  const { call, token, jwks } = await startJwtService(known);
  jwks.answer = end(302, '', { location: elsewhere.url });
  expect(await call(await token(newer))).toBe(401);
  expect(elsewhere.fetches).toBe(0);
});

test('while the JWKS server is down, known keys stay and others are refused', async () => {
  const { call, token, jwks, pass } = await startJwtService(known);
  expect(await call(await token(known))).toBe(200);
  await jwks.stop();
  pass(60 * MINUTE);
  expect(await call(await token(known))).toBe(200);
  expect(await call(await token(newer))).toBe(401);
});

test('a fetch that fails counts as well: one in 30 seconds, until there are keys', async () => {
  const service = await startJwtService(known);
  const { call, token, jwks, pass } = service;
  jwks.answer = end(503, '');
  await flood(service, 20);
  expect(await call(await token(known))).toBe(401);
  expect(jwks.fetches).toBe(1);
  jwks.answer = undefined;
  pass(29 * SECOND);
  expect(await call(await token(known))).toBe(401);
  expect(jwks.fetches).toBe(1);
  pass(SECOND);
  expect(await call(await token(known))).toBe(200);
  expect(jwks.fetches).toBe(2);
});

test.each<[string, (response: ServerResponse) => void]>([
  ['does not answer', () => undefined],
  ['does not end its answer', (response) => response.writeHead(200).write('{')],
])(
  'while the JWKS server %s, unknown keys are refused after 3 seconds, known ones let in at once',
  async (_, answer) => {
    const service = await startJwtService(known);
    const { call, token, jwks, pass } = service;
    const good = await token(known);
    expect(await call(good)).toBe(200);
    jwks.answer = answer;
    pass(30 * SECOND);
    const startedAtMs = performance.now();
    const refused = flood(service, 20).then((statuses) => ({
      statuses,
      afterMs: performance.now() - startedAtMs,
    }));
    await vi.waitFor(() => expect(jwks.fetches).toBe(2));
    expect(await call(good)).toBe(200);
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
    const { statuses, afterMs } = await refused;
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(afterMs).toBeGreaterThan(2900);
    expect(afterMs).toBeLessThan(4500);
    await flood(service, 20);
    expect(jwks.fetches).toBe(2);
  },
  15_000,
);
