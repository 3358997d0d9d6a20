import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { emulate } from '../emulator/support.ts';
import { createServiceClock } from '../support/clock.ts';
import { createInProcess } from '../support/service.ts';
import { arnIn, globalIdIn, withIds } from './places.ts';
import { ACCOUNT_IDS, denied, failed, nameOf, PROD_US, STAGING_US } from './support.ts';

const IDENTIFY = 'GetCallerIdentity (sts)';
const LIST = 'GetClientCertificates';
const LOOKUP = 'query ($id: ID!) { clientCertificate(id: $id) { id account accountId } }';

/** The service over two accounts that are profiles of the SDK's file, which has no account ids. */
async function startProfiles(
  env: Record<string, string> = {},
  ids: Record<string, string> = ACCOUNT_IDS,
  regions?: Record<string, string>,
) {
  const folder = await mkdtemp(join(tmpdir(), 'certway-'));
  const file = join(folder, 'credentials');
  const profile = ([name, id]: [string, string]) =>
    `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = any\nregion = ${regions?.[name] ?? ''}\n`;
  await writeFile(file, Object.entries(ids).map(profile).join(''));
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  const made: string[] = [];
  let faultOf: (call: string) => Fault | undefined = () => undefined;
  const names = new Map(Object.entries(ACCOUNT_IDS).map(([name, id]) => [id, name]));
  const { url: endpoint } = await emulate({
    accountRegions: [
      { ...nameOf(PROD_US), ...withIds('both', 'b1') },
      { ...nameOf(STAGING_US), ...withIds('both', 'd1') },
    ],
    fault: (operation, _, { accountId }) => {
      const call = `${names.get(accountId)} ${operation}`;
      made.push(call);
      return faultOf(call);
    },
  });
  const { elapsedMs, later, pass } = createServiceClock();
  const service = await createInProcess({
    env: { ACCOUNTS: 'prod,staging', AWS_REGIONS: 'us-east-1', ...env },
    upstream: { endpoint, ...(regions && { region: '' }) },
    clock: { elapsedMs, later, wait: async () => undefined },
  });
  return {
    ...service,
    pass,
    callsOf: async (run: () => Promise<unknown>): Promise<string[]> => {
      made.length = 0;
      await run();
      return made.toSorted();
    },
    fail: (next: typeof faultOf) => {
      faultOf = next;
    },
  };
}

const [PROD, STAGING] = [globalIdIn(PROD_US, 'both'), globalIdIn(STAGING_US, 'both')];

test('an account is asked who it is when it is read first, once', async () => {
  const { query, callsOf } = await startProfiles();
  const states = '{ accountRegions { account accountId } }';
  const of = (account: string, accountId: string | null) => ({ account, accountId });
  expect((await query(states)).data.accountRegions).toEqual([of('prod', null), of('staging', null)]);
  const page = '{ clientCertificates(first: 1) { nodes { id } } }';
  expect(await callsOf(async () => query(page))).toEqual([`prod ${IDENTIFY}`, `prod ${LIST}`]);
  expect(await callsOf(async () => query(page))).toEqual([`prod ${LIST}`]);
  expect((await query(states)).data.accountRegions).toEqual([
    of('prod', '111111111111'),
    of('staging', null),
  ]);
});

test('a global id finds its account, which is asked for its digits once', async () => {
  const { query, callsOf } = await startProfiles();
  const lookups = async () => {
    const { data } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: [STAGING, PROD],
    });
    expect(data.nodes).toEqual([{ id: STAGING }, { id: PROD }]);
  };
  const one = ['prod', 'staging'].map((account) => `${account} GetClientCertificate`);
  expect(await callsOf(lookups)).toEqual(
    [
      `prod ${IDENTIFY}`,
      `prod GetClientCertificate`,
      `staging ${IDENTIFY}`,
      `staging GetClientCertificate`,
    ].toSorted(),
  );
  expect(await callsOf(lookups)).toEqual(one);
  const unserved = encodeGlobalId('ClientCertificate', `999999999999:${arnIn(PROD_US, 'both')}`);
  expect(
    await callsOf(async () => {
      const { errors } = await query(LOOKUP, { id: unserved });
      expect(errors?.[0]?.message).toBe(
        'id: expected a client certificate of an account that is served, got one of the account 999999999999',
      );
    }),
  ).toEqual([]);
});

test('an account that cannot be asked fails alone', async () => {
  const { query, fail, callsOf } = await startProfiles();
  fail((call) => (call === `staging ${IDENTIFY}` ? denied : undefined));
  const { data, errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: [PROD, STAGING],
  });
  expect(data.nodes).toEqual([{ id: PROD }, null]);
  expect(errors).toMatchObject([{ path: ['nodes', 1], extensions: { code: 'UPSTREAM_DENIED' } }]);
  const list = '{ clientCertificates { nodes { id } unavailable { account unavailable { code } } } }';
  const { clientCertificates } = (await query(list)).data;
  expect(clientCertificates.nodes.map(({ id }: { id: string }) => id)).toContain(PROD);
  expect(clientCertificates.unavailable).toEqual([
    { account: 'staging', unavailable: { code: 'UPSTREAM_DENIED' } },
  ]);
  expect((await query(LOOKUP, { id: 'b1' })).data.clientCertificate).toMatchObject({ account: 'prod' });
  expect(await callsOf(async () => query(LOOKUP, { id: STAGING }))).toEqual([]); // it has just failed
});

test('an account that answers again is found again', async () => {
  const { query, fail, pass } = await startProfiles();
  fail((call) => (call === `staging ${IDENTIFY}` ? failed : undefined));
  expect((await query(LOOKUP, { id: STAGING })).errors).toMatchObject([
    { extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
  ]);
  fail(() => undefined);
  await pass(5000);
  expect((await query(LOOKUP, { id: STAGING })).data.clientCertificate).toMatchObject({ id: STAGING });
});

test('an account that does not say who it is holds up no lookup of another', async () => {
  const { query, fail } = await startProfiles({ UPSTREAM_REQUEST_TIMEOUT_MS: '60000' });
  fail((call) => (call === `prod ${IDENTIFY}` ? { kind: 'no-answer' } : undefined));
  const { data } = await query(LOOKUP, { id: STAGING });
  expect(data.clientCertificate).toMatchObject({ id: STAGING, accountId: '222222222222' });
});

test('a certificate is generated in an account by its digits, before they are known', async () => {
  const { query, callsOf } = await startProfiles();
  const calls = await callsOf(async () => {
    const { data } = await query(`mutation {
      result: generateClientCertificate(input: { account: "222222222222" }) {
        ... on GenerateClientCertificatePayload { clientCertificate { account accountId } }
        ... on Error { message }
      }
    }`);
    const clientCertificate = { account: 'staging', accountId: '222222222222' };
    expect(data.result).toEqual({ clientCertificate });
  });
  // The other account is asked at the same time; nobody waits for its answer, so its call may come later.
  const ofStaging = calls.filter((call) => call.startsWith('staging '));
  expect(ofStaging).toEqual(['staging GenerateClientCertificate', `staging ${IDENTIFY}`]);
});

test('a certificate is generated in the only region of an account by its digits, before they are known', async () => {
  const regions = { prod: 'us-east-1', staging: 'eu-central-1' };
  const { query } = await startProfiles({ AWS_REGIONS: '' }, ACCOUNT_IDS, regions);
  const { data } = await query(`mutation {
    result: generateClientCertificate(input: { account: "222222222222" }) {
      ... on GenerateClientCertificatePayload { clientCertificate { account region } }
      ... on Error { message }
    }
  }`);
  expect(data.result).toEqual({ clientCertificate: { account: 'staging', region: 'eu-central-1' } });
});

test.for([
  ['a description', { region: 'us-east-1', description: 'x'.repeat(2000) }, 'description'],
  ['a region', { region: 'mars' }, 'region'],
  ['no region', {}, 'region'],
  ['an id', { replaces: 'A B' }, 'replaces'],
] as const)(
  'nobody is asked for 12 digits where a certificate is to be generated while %s is wrong, though AWS fails',
  async ([, wrong, path]) => {
    const { query, callsOf, fail } = await startProfiles({ AWS_REGIONS: 'us-east-1,eu-central-1' });
    fail((call) => (call.endsWith(IDENTIFY) ? failed : undefined));
    const calls = await callsOf(async () => {
      const { data } = await query(
        `mutation ($input: GenerateClientCertificateInput!) {
          result: generateClientCertificate(input: $input) { ... on InvalidInputError { issues { path } } }
        }`,
        { input: { account: '999999999999', ...wrong } },
      );
      const issues = [
        ['input', 'account'],
        ['input', path],
      ].map((path) => ({ path }));
      expect(data.result).toEqual({ issues });
    });
    expect(calls).toEqual([]);
  },
);

test('a certificate of an account that two profiles name is found by its global id', async () => {
  const { prod = '' } = ACCOUNT_IDS;
  const { query } = await startProfiles({ ACCOUNTS: 'prod,also' }, { prod, also: prod });
  const { data } = await query(LOOKUP, { id: PROD });
  expect(data.clientCertificate).toMatchObject({ id: PROD, accountId: prod });
});

test.for([
  ['a list', '{ clientCertificates(FILTER) { nodes { id } } }'],
  [
    'an ordered list',
    '{ clientCertificates(orderBy: { field: CREATED_DATE, direction: ASC }, FILTER) { nodes { id } } }',
  ],
  ['a trust bundle', '{ trustBundle(FILTER) { clientCertificates { id } } }'],
  ['stages', '{ apiStages(FILTER) { nodes { id } } }'],
] as const)('a filter of %s finds a profile by its 12 digits, which nobody knew', async ([, text]) => {
  const { query, callsOf } = await startProfiles();
  const filtered = (digits: string) => query(text.replace('FILTER', `filter: { accounts: ["${digits}"] }`));
  const calls = await callsOf(async () => {
    expect(await filtered(ACCOUNT_IDS['staging'] ?? '')).not.toHaveProperty('errors');
  });
  expect(calls).toContain(`staging ${IDENTIFY}`);
  expect(calls).not.toContain(`prod ${LIST}`);
  const { errors } = await filtered('999999999999');
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['filter', 'accounts', '0'] }] } },
  ]);
});

test('nobody is asked for 12 digits while other input is wrong', async () => {
  const { query, callsOf } = await startProfiles();
  const filter = `{ accounts: ["${ACCOUNT_IDS['staging']}", "prd"], regions: ["mars"] }`;
  const calls = await callsOf(async () => {
    for (const field of ['clientCertificates', 'trustBundle', 'apiStages']) {
      const { errors } = await query(`{ ${field}(filter: ${filter}) { __typename } }`);
      expect(errors?.[0]?.extensions['issues']).toContainEqual({
        path: ['filter', 'regions', '0'],
        message: 'expected us-east-1, got "mars"',
      });
    }
  });
  expect(calls).toEqual([]);
});
