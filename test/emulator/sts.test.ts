import { GenerateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  type STSClient,
} from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { clientOf, credentialsOf, emulate, http, idOf, stsClientOf, walk } from './support.ts';

const RoleArn = 'arn:aws:iam::111111111111:role/teams/payments/certway-reader';
const RoleSessionName = 'certway';

const assume = (sts: STSClient, input: Partial<AssumeRoleCommandInput> = {}) =>
  sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName, ...input }));

async function emulateSts(options: EmulatorOptions = {}) {
  const emulator = await emulate(options);
  return { ...emulator, sts: stsClientOf(emulator.url) };
}

test('AssumeRole answers with credentials and with who they are', async () => {
  const now = () => new Date('2026-01-01T00:00:00.900Z');
  const { sts } = await emulateSts({ now });
  const { $metadata, ...answer } = await assume(sts);
  expect($metadata).toMatchObject({
    httpStatusCode: 200,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(answer).toEqual({
    Credentials: {
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      SessionToken: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
      Expiration: new Date('2026-01-01T01:00:00Z'),
    },
    AssumedRoleUser: {
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:certway$/),
      Arn: 'arn:aws:sts::111111111111:assumed-role/certway-reader/certway',
    },
  });
  const again = await assume(sts);
  expect(again.AssumedRoleUser).toEqual(answer.AssumedRoleUser);
  expect(again.Credentials?.AccessKeyId).not.toBe(answer.Credentials?.AccessKeyId);
});

test('a session acts in the account of its role, in any region', async () => {
  const { url, sts, client } = await emulateSts();
  const credentials = credentialsOf(await assume(sts));
  const virginia = clientOf(url, { credentials });
  const made = idOf(await virginia.send(new GenerateClientCertificateCommand()));
  expect(await walk(virginia, 500)).toEqual([made]);
  expect(await walk(clientOf(url, { credentials, region: 'eu-west-1' }), 500)).toEqual([]);
  expect(await walk(client, 500)).toEqual([]);
  const sameAccount = { accessKeyId: '111111111111', secretAccessKey: 'any' };
  expect(await walk(clientOf(url, { credentials: sameAccount }), 500)).toEqual([made]);
});

test('GetCallerIdentity tells who asks', async () => {
  const { url, sts } = await emulateSts();
  const identify = async (client: STSClient) => {
    const { $metadata, ...identity } = await client.send(new GetCallerIdentityCommand());
    return identity;
  };
  expect(await identify(sts)).toEqual({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/emulator',
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
  });
  const key = { accessKeyId: '222222222222', secretAccessKey: 'any' };
  expect(await identify(stsClientOf(url, { credentials: key, region: 'cn-north-1' }))).toMatchObject({
    Account: '222222222222',
    Arn: 'arn:aws-cn:iam::222222222222:user/emulator',
  });
  const assumed = await assume(sts, { RoleArn: 'arn:aws-us-gov:iam::333333333333:role/reader' });
  const session = stsClientOf(url, { credentials: credentialsOf(assumed), region: 'us-gov-west-1' });
  expect(await identify(session)).toEqual({
    Account: '333333333333',
    Arn: 'arn:aws-us-gov:sts::333333333333:assumed-role/reader/certway',
    UserId: assumed.AssumedRoleUser?.AssumedRoleId,
  });
});

test('whether a role may be assumed is said by trust, which sees the external id', async () => {
  const { sts } = await emulateSts({
    trust: (role, externalId) => role.endsWith('/open') || externalId === 'x-1',
  });
  await assume(sts, { RoleArn: 'arn:aws:iam::111111111111:role/open' });
  await assume(sts, { ExternalId: 'x-1' });
  for (const ExternalId of [undefined, 'x-2'])
    await expect(assume(sts, { ExternalId })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::123456789012:user/emulator is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      $fault: 'client',
      $metadata: { httpStatusCode: 403 },
    });
});

test('a session that starts a session is limited to an hour', async () => {
  const { url, sts } = await emulateSts();
  const first = stsClientOf(url, { credentials: credentialsOf(await assume(sts)) });
  const second = { RoleArn: 'arn:aws:iam::222222222222:role/second', DurationSeconds: 3600 };
  const { AssumedRoleUser } = await assume(first, second);
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::222222222222:assumed-role/second/certway');
  await expect(assume(first, { ...second, DurationSeconds: 3601 })).rejects.toMatchObject({
    name: 'ValidationError',
    message:
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  });
});

const violated = (...complaints: string[]) =>
  `${complaints.length} validation error${complaints.length > 1 ? 's' : ''} detected: ${complaints.join('; ')}`;
const at = (value: string, name: string, rule: string) =>
  `Value ${value} at '${name}' failed to satisfy constraint: Member must ${rule}`;

test.each<[Partial<AssumeRoleCommandInput>, string]>([
  [{ RoleArn: 'nothing-valid-in-here' }, 'nothing-valid-in-here is invalid'],
  [{ RoleArn: 'arn::b:::something/test-role' }, 'arn::b:::something/test-role is invalid'],
  [{ RoleArn: 'arn:a::::something/test-role' }, 'arn:a::::something/test-role is invalid'],
  [{ RoleArn: 'arn:a:::something/test-role' }, 'arn:a:::something/test-role is invalid'],
  [{ RoleArn: 'arn:a:a::aaaaaaaaaa:' }, 'arn:a:a::aaaaaaaaaa: is invalid'],
  [{ RoleArn: 'arn:aws:iam::11111111111:role/x' }, 'Request ARN is invalid'],
  [{ RoleArn: 'arn:aws:iam::111111111111:user/x' }, 'Request ARN is invalid'],
  [{ RoleArn: 'arn:aws:iam::111111111111:role/' }, 'Request ARN is invalid'],
  [{ RoleArn: 'arn:aws:iam:us-east-1:111111111111:role/x' }, 'Request ARN is invalid'],
  [{ RoleArn: 'x' }, violated(at("'x'", 'roleArn', 'have length greater than or equal to 20'))],
  [
    { RoleArn: undefined, RoleSessionName: undefined },
    violated(at('null', 'roleArn', 'not be null'), at('null', 'roleSessionName', 'not be null')),
  ],
  [
    { RoleSessionName: 'Session1:2' },
    violated(at("'Session1:2'", 'roleSessionName', 'satisfy regular expression pattern: [\\w+=,.@-]*')),
  ],
  [
    { RoleSessionName: 's' },
    violated(at("'s'", 'roleSessionName', 'have length greater than or equal to 2')),
  ],
  [
    { RoleSessionName: 's'.repeat(65) },
    violated(at(`'${'s'.repeat(65)}'`, 'roleSessionName', 'have length less than or equal to 64')),
  ],
  [
    { DurationSeconds: 899 },
    violated(at("'899'", 'durationSeconds', 'have value greater than or equal to 900')),
  ],
  [
    { DurationSeconds: 43_201 },
    violated(at("'43201'", 'durationSeconds', 'have value less than or equal to 43200')),
  ],
  [
    { ExternalId: 'a b' },
    violated(at("'a b'", 'externalId', 'satisfy regular expression pattern: [\\w+=,.@:\\/-]*')),
  ],
])('AssumeRole with %j is a ValidationError', async (input, message) => {
  const { sts } = await emulateSts();
  await expect(assume(sts, input)).rejects.toMatchObject({
    name: 'ValidationError',
    message,
    $metadata: { httpStatusCode: 400 },
  });
});

test.each([
  { RoleSessionName: 'a_+=,.@-' },
  { RoleSessionName: 's'.repeat(64) },
  { DurationSeconds: 900 },
  { DurationSeconds: 43_200 },
  { ExternalId: 'a:b/c@d' },
  { RoleArn: 'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/a_+=,.@-b' },
])('AssumeRole takes %j', async (input) => {
  const { sts } = await emulateSts();
  expect(await assume(sts, input)).toMatchObject({ Credentials: {} });
});

test('an answer repeats any text as it was sent', async () => {
  const { sts } = await emulateSts();
  const words = fc.string({ unit: 'grapheme', minLength: 20, maxLength: 60 });
  const property = fc.asyncProperty(words, async (RoleArn) => {
    const { message } = await assume(sts, { RoleArn }).catch((error) => error);
    expect(message).toBe(`${RoleArn} is invalid`);
  });
  await fc.assert(property, { numRuns: 60, examples: [['<b>&amp;"]]>\'</b> & more of this']] });
});

/** What AWS's documentation calls a query: a form in the body. */
const post = (url: string, body: string, headers?: Record<string, string>) =>
  fetch(url, { method: 'POST', body, ...(headers && { headers }) });

test('what is no operation of STS is InvalidAction', async () => {
  const { url } = await emulate();
  const authorization = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/sts/aws4_request';
  for (const body of [
    'Action=GetSessionToken&Version=2011-06-15',
    'Action=AssumeRole&Version=2011-06-16',
    '',
  ]) {
    const response = await post(url, body, { authorization });
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/xml']);
    expect(await response.text()).toContain('<Code>InvalidAction</Code>');
  }
});

test('an error has the form of AWS, to the byte', async () => {
  const { url } = await emulate();
  const response = await post(url, 'Action=GetCallerIdentity&Version=2011-06-15');
  expect(response.status).toBe(403);
  expect(await response.text()).toBe(
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>MissingAuthenticationToken</Code>
    <Message>Request is missing Authentication Token</Message>
  </Error>
  <RequestId>${response.headers.get('x-amzn-requestid')}</RequestId>
</ErrorResponse>
`,
  );
});

test('a page of a browser gets no session', async () => {
  const { url } = await emulate();
  const headers = { authorization: 'x', origin: 'https://example.com' };
  const response = await post(url, 'Action=GetCallerIdentity&Version=2011-06-15', headers);
  expect(await response.text()).toContain('<Code>AccessDenied</Code>');
});

test('STS has no part in the throttle', async () => {
  const { sts, http: ask } = await emulateSts({ requestsPerSecond: 0.001, burst: 1 });
  for (let i = 0; i < 5; i += 1) await assume(sts);
  expect(await ask('/clientcertificates')).toMatchObject({ status: 200 });
  expect(await ask('/clientcertificates')).toMatchObject({ status: 429 });
  await assume(sts);
});

test('a fault can be that of one role', async () => {
  const seen: unknown[] = [];
  const error = new AwsError(500, 'InternalFailure', 'Come back later');
  const { sts } = await emulateSts({
    fault: (operation, { RoleArn: role }, accountRegion) => {
      seen.push([operation, role, accountRegion]);
      return role?.endsWith('/broken') ? { kind: 'error', error } : undefined;
    },
  });
  const broken = 'arn:aws:iam::111111111111:role/broken';
  await expect(assume(sts, { RoleArn: broken })).rejects.toMatchObject({
    name: 'InternalFailure',
    message: 'Come back later',
    $metadata: { httpStatusCode: 500 },
  });
  await assume(sts);
  await sts.send(new GetCallerIdentityCommand());
  const caller = { accountId: '123456789012', region: 'us-east-1' };
  expect(seen).toEqual([
    ['AssumeRole (sts)', broken, caller],
    ['AssumeRole (sts)', RoleArn, caller],
    ['GetCallerIdentity (sts)', undefined, caller],
  ]);
});

test('the members of an answer of STS can be changed', async () => {
  const { sts } = await emulateSts({
    fault: () => ({
      kind: 'change',
      change: (body) => ({ ...body, Account: '999999999999', UserId: undefined }),
    }),
  });
  const { $metadata, ...identity } = await sts.send(new GetCallerIdentityCommand());
  expect(identity).toEqual({ Account: '999999999999', Arn: 'arn:aws:iam::123456789012:user/emulator' });
});

test('without a form, STS is not asked', async () => {
  const { url } = await emulate();
  expect(await http(url)).toMatchObject({ status: 403, body: { message: 'Missing Authentication Token' } });
});
