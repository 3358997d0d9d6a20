import { expect, test, vi } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { emulate } from '../emulator/support.ts';
import { freePort } from '../support/free-port.ts';
import { emptyFolder, run, serve } from '../support/process.ts';
import { restApis } from '../support/service.ts';

vi.setConfig({ testTimeout: 60_000 });

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

async function check(env: Record<string, string>) {
  const { code, stdout, stderr } = await (await run(['check'], env)).end();
  expect(stderr).toBe('');
  const [table = '', end] = stdout.split('\n\n');
  expect(end).toBe('Rights to write are not tried.\n');
  return { code, rows: table.split('\n').map((line) => line.split(/ {2,}/)) };
}

/** On an API Gateway that accepts one key. */
async function checkOn(
  env: Record<string, string>,
  { fault }: Pick<NonNullable<Parameters<typeof emulate>[0]>, 'fault'> = {},
) {
  const { url } = await emulate({
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    restApis: restApis(1, () => []),
    ...(fault && { fault }),
  });
  return check({ UPSTREAM: 'aws', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_API_GATEWAY: url, ...env });
}

test('on the emulator everything is as it should be', async () => {
  const { code, rows } = await check({});
  expect(code).toBe(0);
  expect(rows.map(([mark, what]) => [mark, what])).toEqual([
    ['ok', 'settings'],
    ['ok', 'AWS'],
    ['ok', 'credentials'],
    ['ok', 'GetClientCertificates'],
    ['ok', 'GetRestApis'],
    ['ok', 'GetStages'],
    ['ok', 'GetApis (v2)'],
  ]);
});

test('everything is as it should be beside a service that is running on the same emulator', async () => {
  const env = { EMULATOR_PORT: `${await freePort()}`, EMULATOR_PATH: `${await emptyFolder()}/emulator.db` };
  const { query } = await serve(env);
  const { code, rows } = await check(env);
  expect(rows.map(([mark]) => mark)).toEqual(Array.from(rows, () => 'ok'));
  expect(code).toBe(0);
  expect(await query('{ clientCertificates { totalCount } }')).not.toHaveProperty('errors');
});

test('each account and region has rows of its own', async () => {
  const { code, rows } = await checkOn({
    ...KEYS,
    AWS_REGIONS: 'eu-west-1,us-east-1',
    STAGE_READS_PER_SECOND: '0',
  });
  expect(code).toBe(0);
  expect(rows.map(([, what, where]) => [what, where])).toEqual([
    ['settings', 'ok'],
    ...['eu-west-1', 'us-east-1'].flatMap((region) =>
      ['AWS', 'credentials', 'GetClientCertificates'].map((what) => [what, region]),
    ),
  ]);
});

test('a right that is missing is named, and the others are still tried', async () => {
  const { code, rows } = await checkOn(KEYS, {
    fault: (operation) =>
      operation === 'GetClientCertificates'
        ? {
            kind: 'error',
            error: new AwsError(403, 'AccessDeniedException', 'not authorized to perform: apigateway:GET'),
          }
        : undefined,
  });
  expect(code).toBe(1);
  expect(rows).toContainEqual([
    'WRONG',
    'GetClientCertificates',
    'eu-west-1',
    expect.stringContaining('apigateway:GET'),
  ]);
  expect(rows).toContainEqual(['ok', 'GetRestApis', 'eu-west-1', 'allowed']);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['there are no credentials', {}, /^none: CredentialsProviderError/],
  ['the key is unknown', { ...KEYS, AWS_ACCESS_KEY_ID: 'AKIDOTHER' }, /^AWS does not know the key: /],
  ['the secret is wrong', { ...KEYS, AWS_SECRET_ACCESS_KEY: 'wrong' }, /^the secret is wrong: /],
])('it says that %s', async (_, env, result) => {
  const { code, rows } = await checkOn(env);
  expect(code).toBe(1);
  expect(rows).toContainEqual(['WRONG', 'credentials', 'eu-west-1', expect.stringMatching(result)]);
});

test('it says that AWS cannot be reached, and that Redis cannot', async () => {
  const nobody = 'http://127.0.0.1:9';
  const { code, rows } = await check({
    UPSTREAM: 'aws',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_API_GATEWAY: nobody,
    REDIS_URL: 'redis://127.0.0.1:9',
    ...KEYS,
  });
  expect(code).toBe(1);
  expect(rows).toEqual([
    ['ok', 'settings', 'ok'],
    ['WRONG', 'AWS', 'eu-west-1', expect.stringMatching(/^does not answer: .*ECONNREFUSED/)],
    ['WRONG', 'Redis', expect.stringMatching(/^does not answer: .*ECONNREFUSED/)],
  ]);
});

test('wrong and misspelt settings are rows, too', async () => {
  const { code, rows } = await check({ PORT: 'x', RATE_LIMIT_PER_MINTUE: '1', TLS_KEY_FILE: '/nowhere' });
  expect(code).toBe(1);
  expect(rows).toEqual([
    ['WRONG', 'settings', 'RATE_LIMIT_PER_MINTUE is no setting: did you mean RATE_LIMIT_PER_MINUTE?'],
    ['WRONG', 'settings', 'PORT: expected a whole number from 0 to 65535, got "x"'],
    ['WRONG', 'settings', 'TLS_CERT_FILE: expected a file, since TLS_KEY_FILE is one; got none'],
  ]);
});

test('settings with a mistake are not called ok as well', async () => {
  const misspelt = await check({ RATE_LIMIT_PER_MINTUE: '1' });
  expect(misspelt.code).toBe(1);
  expect(misspelt.rows.slice(0, 2)).toEqual([
    ['WRONG', 'settings', 'RATE_LIMIT_PER_MINTUE is no setting: did you mean RATE_LIMIT_PER_MINUTE?'],
    ['ok', 'AWS', 'us-east-1 (emulator)', 'answers'],
  ]);
});

test.each([
  ['TLS_CERT_FILE', { TLS_CERT_FILE: '/nowhere', TLS_KEY_FILE: '/nowhere' }],
  ['EMULATOR_PATH', { EMULATOR_PATH: '/nowhere/file' }],
  ['NOTIFY_PATH', { NOTIFY_PATH: '/nowhere/file', NOTIFY_WEBHOOKS: 'http://127.0.0.1:9 format=slack' }],
])('a file of %s that cannot be used is the only row', async (name, env) => {
  const { code, rows } = await check(env);
  expect(code).toBe(1);
  expect(rows).toEqual([['WRONG', 'settings', expect.stringMatching(`^${name}: `)]]);
});
