import { expect, test } from 'vitest';
import { runService } from '../support/running-service.ts';

const QUERY = '{ __typename }';

/** The address that the log has for a request with this header. */
async function addressFor(TRUST_PROXY: string, forwarded: string | undefined): Promise<unknown> {
  const { post, operations } = await runService({ env: { TRUST_PROXY } });
  await post(QUERY, { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } });
  return operations[0]?.['address'];
}

const LOCAL = '127.0.0.1';

test.for<[trust: string, forwarded: string | undefined, address: string]>([
  ['', '192.0.2.1', LOCAL],
  ['0', '192.0.2.1', LOCAL],
  ['1', undefined, LOCAL],
  ['1', '192.0.2.1', '192.0.2.1'],
  ['1', '203.0.113.9, 192.0.2.1', '192.0.2.1'],
  ['2', '203.0.113.9, 192.0.2.1', '203.0.113.9'],
  ['2', '192.0.2.1', '192.0.2.1'],
  ['127.0.0.1', '203.0.113.9, 192.0.2.1', '192.0.2.1'],
  ['127.0.0.0/8,192.0.2.0/24', '203.0.113.9, 192.0.2.1', '203.0.113.9'],
  ['127.0.0.0/8,::/0', '203.0.113.9, 2001:db8::1', '203.0.113.9'],
  ['10.0.0.0/8', '192.0.2.1', LOCAL],
  ['1', '192.0.2.1:5080', '192.0.2.1'],
  ['1', '[2001:db8::1]:443', '2001:db8::1'],
  ['1', '::ffff:192.0.2.1', '192.0.2.1'],
  ['1', 'unknown', LOCAL],
  ['2', '203.0.113.9, _hidden', LOCAL],
  ['1', '', LOCAL],
  ['1', ',,,', LOCAL],
  ['1', '192.0.2.1, <script>', LOCAL],
])('with TRUST_PROXY=%s, "%s" is from %s', async ([trust, forwarded, address]) => {
  expect(await addressFor(trust, forwarded)).toBe(address);
});

test('without AUTH each address has a limit of its own, which a client cannot leave by a forged header', async () => {
  const { post } = await runService({ env: { TRUST_PROXY: '1', RATE_LIMIT_PER_MINUTE: '1' } });
  const statusFor = async (forwarded: string) =>
    (await post(QUERY, { headers: { 'x-forwarded-for': forwarded } })).status;
  expect(await statusFor('192.0.2.1')).toBe(200);
  expect(await statusFor('192.0.2.2')).toBe(200);
  expect(await statusFor('192.0.2.1')).toBe(429);
  expect(await statusFor('203.0.113.9, 192.0.2.1')).toBe(429);
});

test('a trusted proxy tells the host that browsers see, and nobody else does', async () => {
  const env = { ALLOWED_HOSTS: 'certway.example' };
  const forwarded = {
    'x-forwarded-host': 'certway.example',
    'x-forwarded-for': '192.0.2.1',
    origin: 'https://certway.example',
  };
  const statusOf = async (trust: string, headers: Record<string, string>) => {
    const { post } = await runService({ env: { ...env, TRUST_PROXY: trust } });
    return (await post(QUERY, { headers })).status;
  };
  expect(await statusOf('1', forwarded)).toBe(200);
  expect(await statusOf('1', { ...forwarded, 'x-forwarded-host': 'evil.example' })).toBe(421);
  expect(await statusOf('10.0.0.0/8', forwarded)).toBe(403);
});

test('everything is below BASE_PATH, and nothing elsewhere', async () => {
  const { url, status } = await runService({ env: { BASE_PATH: '/certway' } });
  const paths = ['health', 'ready', 'metrics', 'trust-bundle/pem', 'graphql?query={__typename}'];
  for (const path of paths) {
    expect([path, await status(`/certway/${path}`)]).toEqual([path, path.startsWith('trust') ? 404 : 200]);
    expect([path, await status(`/${path}`)]).toEqual([path, 404]);
  }
  const nowhere = await fetch(`${url}/certwayx/graphql`);
  expect(await nowhere.json()).toMatchObject({
    errors: [{ message: 'There is nothing at this path; this service is below /certway.' }],
  });
  const page = { headers: { accept: 'text/html' }, redirect: 'manual' as const };
  const withoutSlash = await fetch(`${url}/certway?a=b`, page);
  expect([withoutSlash.status, withoutSlash.headers.get('location')]).toEqual([302, '/certway/?a=b']);
  expect(await (await fetch(`${url}/certway/graphql`, page)).text()).toContain('<title>Certway</title>');
});
