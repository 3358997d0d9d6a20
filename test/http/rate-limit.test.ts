import { expect, test } from 'vitest';
import { startService } from '../support/service.ts';

const BODY = { query: '{ __typename }' };
const GENERATE = { query: 'mutation { generateClientCertificate(input: {}) { __typename } }' };

const start = async (perMinute: number, env: Record<string, string> = {}) =>
  startService({ env: { RATE_LIMIT_PER_MINUTE: `${perMinute}`, ...env } });

const limitsOf = ({ headers }: Response) =>
  ['ratelimit-limit', 'ratelimit-remaining'].map((name) => headers.get(name));

test('the responses count down the requests that are left in the minute', async () => {
  const { post } = await start(3);
  const answers = [await post(BODY), await post(BODY), await post(BODY)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(answers.map(limitsOf)).toEqual([
    ['3', '2'],
    ['3', '1'],
    ['3', '0'],
  ]);
  for (const { headers } of answers) {
    expect(headers.get('ratelimit-reset')).toMatch(/^([1-9]|[1-5]\d|60)$/);
    expect(headers.has('retry-after')).toBe(false);
  }
});

test('one more request is refused with 429, which says when to try again', async () => {
  const { calls, post } = await start(2);
  await post(BODY);
  await post(BODY);
  for (const body of [BODY, GENERATE, '{']) {
    const response = await post(body);
    expect(response.status).toBe(429);
    expect(limitsOf(response)).toEqual(['2', '0']);
    expect(response.headers.get('retry-after')).toMatch(/^([1-9]|[1-5]\d|60)$/);
    expect(response.headers.get('retry-after')).toBe(response.headers.get('ratelimit-reset'));
    expect(await response.json()).toMatchObject({
      errors: [{ message: 'Expected up to 2 requests a minute.', extensions: { code: 'RATE_LIMITED' } }],
    });
  }
  expect(calls).toEqual([]);
});

test('of concurrent requests, only the allowed number is answered', async () => {
  const { calls, post } = await start(5);
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(GENERATE)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  expect(calls).toHaveLength(5);
});

test('reads in a GET count too, and the page does not', async () => {
  const { server } = await start(2);
  const get = async (accept: string) =>
    (await server.fetch('http://localhost/graphql?query={__typename}', { headers: { accept } })).status;
  const statuses = [await get('*/*'), await get('text/html'), await get('*/*'), await get('*/*')];
  expect(statuses).toEqual([200, 200, 200, 429]);
});

test.for(['/health', '/ready', '/metrics'])('%s is not limited', async (path) => {
  const { post, server } = await start(1);
  await post(BODY);
  for (let i = 0; i < 5; i++) {
    const { status, headers } = await server.fetch(`http://localhost${path}`);
    expect(status).toBe(200);
    expect(headers.has('ratelimit-limit')).toBe(false);
  }
  expect((await post(BODY)).status).toBe(429);
});

test('requests that are refused for their origin or their type do not count', async () => {
  const { post } = await start(1);
  for (const headers of [{ 'content-type': 'text/plain' }, { 'sec-fetch-site': 'cross-site' }])
    expect((await post(BODY, headers)).status).toBeGreaterThanOrEqual(403);
  expect((await post(BODY)).status).toBe(200);
});

test('a page of an allowed origin may read how long it has to wait', async () => {
  const origin = 'https://portal.example.com';
  const { post } = await start(1, { CORS_ORIGINS: origin });
  await post(BODY);
  const { status, headers } = await post(BODY, { origin });
  expect(status).toBe(429);
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('access-control-expose-headers')).toContain('retry-after');
});

test('without a limit nothing is counted', async () => {
  const { post } = await startService();
  for (let i = 0; i < 20; i++) expect(limitsOf(await post(BODY))).toEqual([null, null]);
});
