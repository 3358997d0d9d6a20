import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { arnOf } from '../../src/resources/client-certificates/id.ts';
import { emulate } from '../emulator/support.ts';
import { createServiceClock } from '../support/clock.ts';
import { createInProcess, examples } from '../support/service.ts';
import { ASSUME_ROLE, PROD } from './accounts-support.ts';
import { useProfile } from './files.ts';

const HUB = '123456789012';

/** The service with the SDK's files; the emulator takes the keys of `KEY` alone, which are the account `HUB`. */
async function start(ACCOUNTS: string) {
  const has = await useProfile('hub');
  const calls: string[] = [];
  const { url } = await emulate({
    credentials: { accessKeyId: 'KEY', secretAccessKey: 'SECRET' },
    accountRegions: [HUB, PROD].map((accountId) => ({
      accountId,
      region: 'us-east-1',
      examples: examples(1),
    })),
    fault: (operation) => {
      calls.push(operation);
      return undefined;
    },
  });
  const clock = createServiceClock();
  const { query } = await createInProcess({
    env: { ACCOUNTS, AWS_REGIONS: 'us-east-1' },
    upstream: { endpoint: url },
    clock: { elapsedMs: clock.elapsedMs, later: clock.later },
  });
  return {
    calls,
    pass: clock.pass,
    has,
    /** The code of the error of a lookup, or `ok`. */
    lookUp: async (accountId: string): Promise<string> => {
      const id = encodeGlobalId('ClientCertificate', `${accountId}:${arnOf('us-east-1', 'c000')}`);
      const { errors } = await query('query ($id: ID!) { clientCertificate(id: $id) { id } }', { id });
      return String(errors?.[0]?.extensions['code'] ?? 'ok');
    },
  };
}

test('changed keys with which roles are assumed are read again once AWS refuses the old ones', async () => {
  const { calls, has, lookUp, pass } = await start(`prod=arn:aws:iam::${PROD}:role/certway`);
  await has('OLD');
  expect(await lookUp(PROD)).toBe('UPSTREAM_DENIED');
  await has('KEY');
  const outcomes: string[] = [];
  for (let seconds = 0; seconds < 40; seconds += 1) {
    await pass(1000);
    outcomes.push(await lookUp(PROD));
  }
  expect(['ok', 'UPSTREAM_DENIED']).toEqual(expect.arrayContaining(outcomes));
  expect(outcomes.at(-1)).toBe('ok');
  expect(calls.filter((operation) => operation === ASSUME_ROLE).length).toBeLessThanOrEqual(8); // one in 5 s, and the last
});

test('changed keys of a profile are read again once AWS refuses the old ones, and not before', async () => {
  const { has, lookUp, pass } = await start('hub');
  await has('OLD');
  expect(await lookUp(HUB)).not.toBe('ok');
  await has('KEY');
  let outcome = '';
  for (let seconds = 0; seconds < 120 && outcome !== 'ok'; seconds += 1) {
    await pass(1000);
    outcome = await lookUp(HUB);
  }
  expect(outcome).toBe('ok');
  await has('OTHER');
  await pass(60_000);
  expect(await lookUp(HUB)).toBe('ok');
});

test('a role and a profile that are good at once need no other call', async () => {
  const { calls, has, lookUp } = await start(`hub,prod=arn:aws:iam::${PROD}:role/certway`);
  await has('KEY');
  expect([await lookUp(HUB), await lookUp(PROD)]).toEqual(['ok', 'ok']);
  expect(calls.toSorted()).toEqual([
    ASSUME_ROLE,
    'GetCallerIdentity (sts)',
    'GetClientCertificate',
    'GetClientCertificate',
  ]);
});

test('without accounts, too, no certificate may exist if STS has failed before it was asked for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'certway-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'config');
  await writeFile(
    file,
    `[profile hub]\naws_access_key_id = KEY\naws_secret_access_key = SECRET\n[profile prod]\nrole_arn = arn:aws:iam::${PROD}:role/certway\nsource_profile = hub\n`,
  );
  const calls: string[] = [];
  const { url } = await emulate({
    fault: (operation) => {
      calls.push(operation);
      return { kind: 'error', error: new AwsError(500, 'InternalFailure', 'oops') };
    },
  });
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_PROFILE', 'prod');
  vi.stubEnv('AWS_CONFIG_FILE', file);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
  vi.stubEnv('AWS_ENDPOINT_URL_STS', url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { query } = await createInProcess({ upstream: { endpoint: url } });
  const { errors } = await query('mutation { generateClientCertificate(input: {}) { __typename } }');
  expect(errors).toMatchObject([
    { message: 'AWS is temporarily unavailable.', extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
  ]);
  expect(new Set(calls)).toEqual(new Set([ASSUME_ROLE]));
});
