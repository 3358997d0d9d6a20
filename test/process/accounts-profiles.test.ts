import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { FaultOf } from '../../src/emulator/fault.ts';
import { emulate } from '../emulator/support.ts';
import { emptyFolder, run, serve } from '../support/process.ts';
import { examples } from '../support/service.ts';

vi.setConfig({ testTimeout: 60_000 });

/** The access key ids of the emulator that are accounts of their own. */
const [ONE, TWO, HUB] = ['111111111111', '222222222222', '333333333333'];
const ROLE = (accountId: string) => `arn:aws:iam::${accountId}:role/certway`;
const NODES =
  '{ clientCertificates { nodes { account accountId region } unavailable { account unavailable { code } } } }';

const keys = (accountId: string) => `aws_access_key_id = ${accountId}\naws_secret_access_key = any\n`;

type Sent = { operation: string; labels: Record<string, unknown>; accountId: string; region: string };

/** The service with these files of the SDK, on an emulator that has one certificate in each account and region. */
async function start(
  { config = '', credentials = '' }: { config?: string; credentials?: string },
  env: Record<string, string>,
) {
  const sent: Sent[] = [];
  const fault: FaultOf = (operation, labels, accountRegion) => {
    sent.push({ operation, labels, ...accountRegion });
    return undefined;
  };
  const { url } = await emulate({
    fault,
    accountRegions: [ONE, TWO, HUB].flatMap((accountId) =>
      ['eu-central-1', 'us-east-1'].map((region) => ({ accountId, region, examples: examples(1) })),
    ),
  });
  const HOME = await emptyFolder();
  await mkdir(join(HOME, '.aws'));
  const write = async (name: 'config' | 'credentials', text: string) =>
    writeFile(join(HOME, '.aws', name), text);
  await write('config', config);
  await write('credentials', credentials);
  const service = await serve({
    HOME,
    UPSTREAM: 'aws',
    AWS_ENDPOINT_URL_API_GATEWAY: url,
    AWS_ENDPOINT_URL_STS: url,
    AWS_EC2_METADATA_DISABLED: 'true',
    STAGE_READS_PER_SECOND: '0',
    CACHE_TTL_MS: '0',
    CACHE_STALE_MS: '0',
    PATH: process.env['PATH'] ?? '',
    ...env,
  });
  return {
    ...service,
    HOME,
    write,
    sent,
    sessions: () => sent.filter(({ operation }) => operation === 'AssumeRole (sts)'),
    read: async () => (await service.query(NODES)).data?.clientCertificates,
  };
}

test('a profile has its static keys, and its own region where AWS_REGIONS is not set', async () => {
  const { read, stop, sessions } = await start(
    {
      config: '[profile one]\nregion = eu-central-1\n[profile two]\nregion = us-east-1\n',
      credentials: `[one]\n${keys(ONE)}[two]\n${keys(TWO)}`,
    },
    { ACCOUNTS: 'one,two' },
  );
  expect(await read()).toEqual({
    nodes: [
      { account: 'one', accountId: ONE, region: 'eu-central-1' },
      { account: 'two', accountId: TWO, region: 'us-east-1' },
    ],
    unavailable: [],
  });
  expect(sessions()).toEqual([]);
  expect((await stop()).stdout).toMatch(/\nOn AWS, one\/eu-central-1, two\/us-east-1\n/);
});

test('a profile assumes its role by its source profile, with its external id, once for all regions', async () => {
  const { read, sessions, stop } = await start(
    {
      config: [
        '[profile hub]',
        'region = ap-south-1',
        keys(HUB),
        '[profile one]',
        `role_arn = ${ROLE(ONE)}`,
        'source_profile = hub',
        'external_id = e1',
        '[profile two]',
        `role_arn = ${ROLE(TWO)}`,
        'source_profile = one',
        'role_session_name = mine',
        'duration_seconds = 900',
      ].join('\n'),
    },
    { ACCOUNTS: 'one,two', AWS_REGIONS: 'eu-central-1,us-east-1' },
  );
  for (let i = 0; i < 3; i += 1)
    expect((await read()).nodes).toEqual(
      [
        ['one', ONE],
        ['two', TWO],
      ].flatMap(([account, accountId]) =>
        ['eu-central-1', 'us-east-1'].map((region) => ({ account, accountId, region })),
      ),
    );
  expect(sessions().map(({ accountId, region, labels }) => ({ accountId, region, ...labels }))).toMatchObject(
    [
      {
        accountId: HUB,
        region: 'eu-central-1',
        RoleArn: ROLE(ONE),
        RoleSessionName: 'certway',
        ExternalId: 'e1',
      },
      { accountId: HUB, RoleArn: ROLE(ONE) },
      {
        accountId: ONE,
        region: 'eu-central-1',
        RoleArn: ROLE(TWO),
        RoleSessionName: 'mine',
        DurationSeconds: '900',
      },
    ],
  );
  expect((await stop()).stderr).toBe('');
});

test('a profile has the credentials that its command prints', async () => {
  const script = join(await emptyFolder(), 'credentials.sh');
  await writeFile(
    script,
    `#!/bin/sh\necho called >> "$0.log"\necho '{"Version":1,"AccessKeyId":"${ONE}","SecretAccessKey":"any"}'\n`,
  );
  await chmod(script, 0o755);
  const { read } = await start(
    { config: `[profile one]\ncredential_process = ${script}\n` },
    { ACCOUNTS: 'one', AWS_REGIONS: 'eu-central-1,us-east-1' },
  );
  expect((await read()).nodes).toEqual(
    ['eu-central-1', 'us-east-1'].map((region) => ({ account: 'one', accountId: ONE, region })),
  );
});

test.for<[what: string, config: string]>([
  ['is missing', ''],
  ['has no credentials', '[profile one]\nregion = eu-central-1\n'],
  ['has a source that is missing', `[profile one]\nrole_arn = ${ROLE(ONE)}\nsource_profile = nobody\n`],
  ['has a command that fails', '[profile one]\ncredential_process = /bin/false\n'],
])('a profile that %s never has the credentials of someone else, and hides no other', async ([, config]) => {
  const token = join(await emptyFolder(), 'token');
  await writeFile(token, 'of the pod');
  const { read, sent, stop, url } = await start(
    { config: `${config}\n[profile two]\n${keys(TWO)}` },
    {
      ACCOUNTS: 'one,two',
      AWS_REGIONS: 'eu-central-1',
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_ARN: ROLE(HUB),
      AWS_ACCESS_KEY_ID: HUB,
      AWS_SECRET_ACCESS_KEY: 'any',
    },
  );
  expect(await read()).toEqual({
    nodes: [{ account: 'two', accountId: TWO, region: 'eu-central-1' }],
    unavailable: [{ account: 'one', unavailable: { code: 'UPSTREAM_DENIED' } }],
  });
  expect(new Set(sent.map(({ accountId }) => accountId))).toEqual(new Set([TWO]));
  const { aws } = (await (await fetch(new URL('/ready', url))).json()) as { aws: { denied: object[] } };
  expect(aws.denied).toContainEqual({
    account: 'one',
    region: 'eu-central-1',
    operation: 'GetClientCertificates',
    reason: 'no-credentials',
  });
  expect((await stop()).stderr).toBe('');
});

test('a profile that comes later is found without a restart', async () => {
  const { read, write } = await start({}, { ACCOUNTS: 'one', AWS_REGIONS: 'eu-central-1' });
  expect(await read()).toBeUndefined();
  await write('credentials', `[one]\n${keys(ONE)}`);
  await expect
    .poll(async () => (await read())?.nodes, { timeout: 30_000, interval: 500 })
    .toEqual([{ account: 'one', accountId: ONE, region: 'eu-central-1' }]);
});

test('the regions that are missing are one complaint for each account, all at once', async () => {
  const { end } = await run([], {
    UPSTREAM: 'aws',
    ACCOUNTS: `one,two=${ROLE(TWO)},three=arn:aws-cn:iam::${HUB}:role/x`,
  });
  expect(await end()).toEqual({
    code: 1,
    stdout: '',
    stderr: [
      'ACCOUNTS: expected a region for one in AWS_REGIONS, AWS_REGION or its profile: Region is missing',
      'ACCOUNTS: expected a region for two in AWS_REGIONS or AWS_REGION: Region is missing',
      'ACCOUNTS: expected a region for three in AWS_REGIONS or AWS_REGION: Region is missing',
      '',
    ].join('\n'),
  });
});

test('a region that is not of the partition of a role is a complaint about its account', async () => {
  const { end } = await run([], {
    UPSTREAM: 'aws',
    AWS_REGION: 'eu-central-1',
    ACCOUNTS: `one=${ROLE(ONE)},three=arn:aws-cn:iam::${HUB}:role/x`,
  });
  expect(await end()).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'ACCOUNTS: expected a region of the partition aws-cn for three in AWS_REGIONS or AWS_REGION, got eu-central-1\n',
  });
});

test('many accounts and regions are printed as their number and the first of them', async () => {
  const ACCOUNTS = Array.from({ length: 60 }, (_, i) => `a${i}=${ROLE(String(100_000_000_000 + i))}`).join();
  const AWS_REGIONS = Array.from({ length: 20 }, (_, i) => `eu-west-${i + 1}`).join();
  const { stop } = await start({}, { ACCOUNTS, AWS_REGIONS });
  expect((await stop()).stdout).toMatch(
    /\nOn AWS, 1,200 regions of 60 accounts: a0\/eu-west-1, a0\/eu-west-2, a0\/eu-west-3 and so on\n/,
  );
});

test('on its emulator, the printed command is about the first account and region', async () => {
  const { stop } = await serve({ ACCOUNTS: `one=${ROLE(ONE)}`, AWS_REGIONS: 'eu-west-1,us-east-1' });
  expect((await stop()).stdout).toMatch(
    /AWS_ACCESS_KEY_ID=111111111111 \S+ aws apigateway \S+ --region eu-west-1 /,
  );
  const alone = await serve({ AWS_REGIONS: 'eu-west-1' });
  expect((await alone.stop()).stdout).toMatch(
    /AWS_ACCESS_KEY_ID=any \S+ aws apigateway \S+ --region eu-west-1 /,
  );
});
