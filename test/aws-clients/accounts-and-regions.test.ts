import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { emulateCounting, runCli, startPythonClient, startV2Client } from './support.ts';

type Assumed = { Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string } };

const RoleArn = 'arn:aws:iam::222222222222:role/teams/reader';
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** What the CLI prints, of a run that must succeed. */
async function run(url: string, service: string, args: string[], env: Record<string, string> = {}) {
  const { code, stderr, stdout } = await runCli(url, service, args, env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const environmentOf = ({ Credentials }: Assumed) => ({
  AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
  AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
  AWS_SESSION_TOKEN: Credentials.SessionToken,
});

test('two profiles and two regions are four worlds of the CLI', async () => {
  const { url } = await emulateCounting();
  const file = join(await emptyFolder(), 'credentials');
  await writeFile(
    file,
    ['111111111111', '222222222222']
      .map((id) => `[account-${id}]\naws_access_key_id = ${id}\naws_secret_access_key = any\n`)
      .join(''),
  );
  const worlds = ['111111111111', '222222222222'].flatMap((id) =>
    ['eu-central-1', 'us-west-2'].map((region) => ({ id, region, world: `${id} in ${region}` })),
  );
  const aws = (id: string, region: string, ...args: string[]) =>
    run(url, 'apigateway', [...args, '--region', region, '--profile', `account-${id}`], {
      AWS_SHARED_CREDENTIALS_FILE: file,
    });
  for (const { id, region, world } of worlds)
    await aws(id, region, 'generate-client-certificate', '--description', world);
  for (const { id, region, world } of worlds) {
    const { items } = await aws(id, region, 'get-client-certificates');
    expect(items).toMatchObject([{ description: world }]);
  }
});

test('the CLI assumes a role, and signs as its session', async () => {
  const { url, operations } = await emulateCounting({
    credentials: CREDENTIALS,
    trust: (_, externalId) => externalId === 'x-1',
    accountRegions: [
      { accountId: '222222222222', region: 'us-east-1', examples: [{ id: 'a', createdDate: new Date() }] },
    ],
  });
  expect(await run(url, 'sts', ['get-caller-identity'])).toEqual({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/emulator',
    UserId: expect.stringMatching(/^AIDA/),
  });
  const assume = ['assume-role', '--role-arn', RoleArn, '--role-session-name', 'certway'];
  expect(await runCli(url, 'sts', assume)).toEqual({
    code: 254,
    stdout: '',
    stderr: `An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::123456789012:user/emulator is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
  });
  const assumed = await run(url, 'sts', [...assume, '--external-id', 'x-1']);
  expect(assumed).toMatchObject({
    AssumedRoleUser: { Arn: 'arn:aws:sts::222222222222:assumed-role/reader/certway' },
    Credentials: { Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/) },
  });
  const session = environmentOf(assumed);
  expect(await run(url, 'sts', ['get-caller-identity'], session)).toMatchObject({ Account: '222222222222' });
  expect(await run(url, 'apigateway', ['get-client-certificates'], session)).toMatchObject({
    items: [{ clientCertificateId: 'a' }],
  });
  expect(operations).toEqual([
    'GetCallerIdentity (sts)',
    'AssumeRole (sts)',
    'AssumeRole (sts)',
    'GetCallerIdentity (sts)',
    'GetClientCertificates',
  ]);
  const { code, stderr } = await runCli(url, 'sts', ['get-caller-identity'], {
    ...session,
    AWS_SECRET_ACCESS_KEY: 'other',
  });
  expect([code, stderr]).toEqual([254, expect.stringContaining('(SignatureDoesNotMatch)')]);
});

test.each([
  ['boto3', startPythonClient, 'sts', 'assume_role', 'get_caller_identity', 'get_client_certificates'],
  [
    'the SDK for JavaScript v2',
    startV2Client,
    'STS',
    'assumeRole',
    'getCallerIdentity',
    'getClientCertificates',
  ],
] as const)('%s assumes a role, and signs as its session', async (_, start, sts, assume, identify, list) => {
  const { url } = await emulateCounting({
    credentials: CREDENTIALS,
    accountRegions: [
      { accountId: '222222222222', region: 'us-east-1', examples: [{ id: 'a', createdDate: new Date() }] },
    ],
  });
  const client = start(url, {}, sts);
  const session = environmentOf(
    (await client.answer(assume, { RoleArn, RoleSessionName: 'certway' })) as Assumed,
  );
  expect(await start(url, session, sts).answer(identify, {})).toMatchObject({
    Account: '222222222222',
    Arn: 'arn:aws:sts::222222222222:assumed-role/reader/certway',
  });
  expect(await start(url, session).answer(list, {})).toMatchObject({ items: [{ clientCertificateId: 'a' }] });
  expect(await client.call(assume, { RoleArn, RoleSessionName: 'a b' })).toMatchObject({
    message: expect.stringContaining("1 validation error detected: Value 'a b' at 'roleSessionName' failed"),
  });
});
