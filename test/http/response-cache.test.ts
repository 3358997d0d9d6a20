import { describe, expect, test } from 'vitest';
import { brokenItem } from '../../src/emulator/fault.ts';
import { apiKeyEntry, createSigner, jwtEnv, startJwks, tokenOf } from '../support/authentication.ts';
import { GET, LIST, lookup, page, startSharing } from '../support/sharing.ts';
import { waysIn } from '../support/ways.ts';

/** Shows whether a response was cached: then nothing of it is executed again. */
const EXECUTED = { EXPOSE_COST: 'false' };
const start = (env = {}, options = {}) => startSharing({ env: { ...EXECUTED, ...env }, ...options });

const QUESTION = { query: lookup('c001') };
const text = async (response: Response | Promise<Response>) => (await response).text();

describe('a repeated request', () => {
  test('has the same response with its own request id, and is logged and counted', async () => {
    const { post, calls, operations, metrics } = await start();
    const named = { query: `query Mine ${lookup('c001')}` };
    const first = await post(named, { 'x-request-id': 'first' });
    const second = await post(named, { 'x-request-id': 'second' });
    expect(await second.text()).toBe(await first.text());
    expect(second.status).toBe(200);
    expect(Object.fromEntries(second.headers)).toEqual({
      ...Object.fromEntries(first.headers),
      'x-request-id': 'second',
    });
    expect(calls).toEqual([GET]);
    const [line] = operations;
    expect(operations).toEqual([
      { ...line, requestId: 'first', awsCalls: 1, operation: 'Mine' },
      { ...line, requestId: 'second', awsCalls: 0, awsMs: 0, durationMs: expect.any(Number) },
    ]);
    const metric = 'certway_graphql_operation_duration_seconds_count{operation="Mine",outcome="ok"} 1';
    expect(await metrics.text()).toContain(metric);
    expect(await metrics.text()).toContain('certway_aws_reads_saved_total{how="reused"} 1');
  });

  test('is executed again once the data has expired', async () => {
    const { post, pass, calls } = await start();
    await post(QUESTION);
    pass(899);
    await post(QUESTION);
    expect(calls).toEqual([GET]);
    pass(101);
    await post(QUESTION);
    expect(calls).toEqual([GET, GET]);
  });

  test('counts for the rate limit', async () => {
    const { post } = await start({ RATE_LIMIT_PER_MINUTE: '2' });
    const answers = [await post(QUESTION), await post(QUESTION), await post(QUESTION)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['1', '0', '0']);
  });

  test('of a page of another origin has the headers of that origin only', async () => {
    const { post } = await start({ CORS_ORIGINS: 'https://a.example,https://b.example' });
    const corsOf = async (origin?: string) => {
      const { headers } = await post(QUESTION, origin === undefined ? {} : { origin });
      return [headers.get('access-control-allow-origin'), headers.get('vary')];
    };
    expect(await corsOf('https://a.example')).toEqual(['https://a.example', 'origin']);
    expect(await corsOf('https://b.example')).toEqual(['https://b.example', 'origin']);
    expect(await corsOf('https://evil.example')).toEqual([null, 'origin']);
    expect(await corsOf()).toEqual([null, 'origin']);
  });
});

describe('a client with other rights', () => {
  const env = {
    AUTH: 'api-key',
    API_KEYS: [
      apiKeyEntry('reader', 'r', 'client-certificates:read'),
      apiKeyEntry('other', 'o', 'client-certificates:read'),
      apiKeyEntry('both', 'b'),
      apiKeyEntry('writer', 'w', 'client-certificates:write'),
    ].join(','),
  };
  const as = (key: string) => ({ 'x-api-key': key });

  test('does not get a response that was cached for others', async () => {
    const { post, operations } = await start(env);
    const answer = await text(post(QUESTION, as('r')));
    expect(answer).toContain('c001');
    expect(await text(post(QUESTION, as('o')))).toBe(answer);
    expect(await text(post(QUESTION, as('b')))).toBe(answer);
    expect(await text(post(QUESTION, as('w')))).toContain('FORBIDDEN');
    expect((await post(QUESTION, as('x'))).status).toBe(401);
    expect((await post(QUESTION)).status).toBe(401);
    expect(await text(post(QUESTION, as('r')))).toBe(answer);
    expect(operations.map(({ viewer }) => viewer)).toEqual(['reader', 'other', 'both', 'writer', 'reader']);
  });

  test('does not get one after its token has expired', async () => {
    let now = new Date('2026-11-20T00:00:00Z');
    const signer = await createSigner('one');
    const jwks = await startJwks(signer);
    const { post } = await start({ ...jwtEnv(jwks.url), CACHE_TTL_MS: '3600000' }, { now: () => now });
    const authorization = `Bearer ${await tokenOf(signer, { now })}`;
    expect((await post(QUESTION, { authorization })).status).toBe(200);
    now = new Date(now.getTime() + 331_000);
    expect((await post(QUESTION, { authorization })).status).toBe(401);
  });
});

describe('a different request', () => {
  const other = { accept: 'application/graphql-response+json' };

  test('has other variables, or another media type', async () => {
    const { post, query } = await start();
    const asked = 'query ($id: ID!) { clientCertificate(id: $id) { clientCertificateId } }';
    for (const id of ['c000', 'c001', 'c000'])
      expect((await query(asked, { id })).data.clientCertificate).toEqual({ clientCertificateId: id });
    for (const [headers, type] of [
      [{}, 'application/json; charset=utf-8'],
      [other, 'application/graphql-response+json; charset=utf-8'],
      [{}, 'application/json; charset=utf-8'],
    ] as const)
      expect((await post(QUESTION, headers)).headers.get('content-type')).toBe(type);
    expect((await post(QUESTION, { accept: 'text/plain' })).status).toBe(406);
    expect((await post(QUESTION, { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('is recognized although its concatenated headers are the same', async () => {
    const { post } = await start();
    const accept = 'application/graphql-response+json, application/json';
    await post(QUESTION, { 'content-type': 'application/json;', accept: `charset=utf-8 ${accept}` });
    const { headers } = await post(QUESTION, { 'content-type': 'application/json; charset=utf-8', accept });
    expect(headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  });
});

describe('a response that is not cached', () => {
  const mutation = 'mutation { generateClientCertificate(input: {}) { __typename } }';
  test.for([[{ EXPOSE_COST: 'true' }], [{ CACHE_TTL_MS: '0' }], [{}]])(
    'is that of a mutation: %j',
    async ([env]) => {
      const { post, calls } = await start(env);
      await Promise.all([post({ query: mutation }), post({ query: mutation })]);
      await post({ query: mutation });
      expect(calls).toHaveLength(3);
    },
  );

  test('is one with errors', async () => {
    const { query, fail, pass } = await start();
    fail(() => brokenItem);
    expect((await query(page(3))).errors).toHaveLength(1);
    fail(() => undefined);
    pass(1000);
    expect(await query(page(3))).not.toHaveProperty('errors');
  });

  test('is any response with EXPOSE_COST=true or CACHE_TTL_MS=0', async () => {
    const { costOf } = await startSharing();
    expect(await costOf(lookup('c001'))).toEqual({ made: 1, joined: 0, reused: 0 });
    expect(await costOf(lookup('c001'))).toEqual({ made: 0, joined: 0, reused: 1 });
    const { post, calls } = await start({ CACHE_TTL_MS: '0' });
    await post({ query: page(2) });
    await post({ query: page(2) });
    expect(calls).toEqual([LIST, LIST]);
  });
});

test.for([
  ['clientCertificate(id: "c000") { daysUntilExpiration }', '335', '334'],
  ['clientCertificate(id: "c000") { status }', 'VALID', 'EXPIRING'],
  ['clientCertificates(filter: { status: EXPIRING }) { totalCount }', '0', '3'],
])('a cached response stays correct as time passes: %s', async ([field, before, after]) => {
  const expires = Date.parse('2027-11-01T00:00:00Z');
  const dayMs = 24 * 3600_000;
  const isStatus = field?.includes('atus');
  // The status changes when exactly 30 days are left; the days change right after a whole number of them.
  const changesAtMs = isStatus ? expires - 30 * dayMs : expires - 335 * dayMs + 1;
  let nowMs = changesAtMs - 1;
  const { post } = await start({ CACHE_TTL_MS: '3600000' }, { now: () => new Date(nowMs) });
  expect(await text(post({ query: `{ ${field} }` }))).toContain(before);
  expect(await text(post({ query: `{ ${field} }` }))).toContain(before);
  nowMs = changesAtMs;
  for (let i = 0; i < 3; i += 1) expect(await text(post({ query: `{ ${field} }` }))).toContain(after);
  nowMs = changesAtMs - 1; // the clock is set back
  expect(await text(post({ query: `{ ${field} }` }))).toContain(before);
});

test('a cached response without a status outlives a clock that is set back', async () => {
  let nowMs = Date.parse('2027-01-01T00:00:00Z');
  const { post, metrics } = await start({ CACHE_TTL_MS: '3600000' }, { now: () => new Date(nowMs) });
  for (let i = 0; i < 2; i += 1) await post(QUESTION);
  const made = await waysIn(metrics);
  nowMs -= 3600_000;
  await post(QUESTION);
  expect(await waysIn(metrics)).toEqual(made);
});
