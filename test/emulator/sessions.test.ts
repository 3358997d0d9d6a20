import { createHmac } from 'node:crypto';
import { GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { createSessions } from '../../src/emulator/sessions.ts';
import { clientOf, credentialsOf, emulate, stop, stsClientOf } from './support.ts';

/** Those of `clientOf`. */
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const RoleArn = 'arn:aws:iam::111111111111:role/reader';
type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

const startSession = async (url: string, DurationSeconds?: number) =>
  credentialsOf(
    await stsClientOf(url).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'certway', DurationSeconds }),
    ),
  );

/** An emulator that checks signatures, with a clock that stands still until told, and a session of an hour. */
async function emulateSession() {
  let nowMs = Date.now();
  const { url } = await emulate({
    credentials,
    now: () => new Date(nowMs),
    accountRegions: [
      { accountId: '111111111111', region: 'eu-west-1', examples: [{ id: 'a', createdDate: new Date() }] },
    ],
  });
  const start = () => startSession(url);
  return {
    url,
    start,
    session: await start(),
    pass: (ms: number) => {
      nowMs += ms;
    },
    list: (keys: Keys) =>
      clientOf(url, { credentials: keys, region: 'eu-west-1', systemClockOffset: nowMs - Date.now() }).send(
        new GetClientCertificatesCommand({}),
      ),
    identify: (keys: Keys) =>
      stsClientOf(url, { credentials: keys, systemClockOffset: nowMs - Date.now() }).send(
        new GetCallerIdentityCommand(),
      ),
  };
}

test('a session signs for API Gateway and for STS', async () => {
  const { session, list, identify } = await emulateSession();
  expect(await list(session)).toMatchObject({ items: [{ clientCertificateId: 'a' }] });
  expect(await identify(session)).toMatchObject({ Account: '111111111111' });
});

const forged = (token: string) => {
  const bytes = Buffer.from(token, 'base64');
  const role = bytes.indexOf('111111111111');
  bytes.write('222222222222', role);
  return bytes.toString('base64');
};

test.each<[what: string, change: (keys: Required<Keys>, other: Required<Keys>) => Keys]>([
  ['without its token', ({ sessionToken, ...keys }) => keys],
  ['with rubbish as its token', (keys) => ({ ...keys, sessionToken: 'token' })],
  ['with the token of another session', (keys, { sessionToken }) => ({ ...keys, sessionToken })],
  ['with the access key of another session', (keys, { accessKeyId }) => ({ ...keys, accessKeyId })],
  ['with another account in its token', (keys) => ({ ...keys, sessionToken: forged(keys.sessionToken) })],
  ['with more text after its token', (keys) => ({ ...keys, sessionToken: `${keys.sessionToken}!` })],
  ['with a shorter token', (keys) => ({ ...keys, sessionToken: keys.sessionToken.slice(0, -4) })],
  ['with the key of the emulator', (keys) => ({ ...credentials, sessionToken: keys.sessionToken })],
])('a session %s is nobody', async (_, change) => {
  const { session, start, list, identify } = await emulateSession();
  const wrong = change(session, await start());
  await expect(list(wrong)).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    $metadata: { httpStatusCode: 403 },
  });
  await expect(identify(wrong)).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
    message: 'The security token included in the request is invalid',
    $metadata: { httpStatusCode: 403 },
  });
});

test('a session with a wrong secret has a wrong signature', async () => {
  const { session, start, list, identify } = await emulateSession();
  for (const secretAccessKey of [credentials.secretAccessKey, (await start()).secretAccessKey]) {
    const wrong = { ...session, secretAccessKey };
    await expect(list(wrong)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    await expect(identify(wrong)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  }
});

test('a session ends by the clock of the emulator', async () => {
  const { session, list, identify, pass } = await emulateSession();
  pass(3_599_000 - 1000);
  await list(session);
  pass(2000);
  await expect(list(session)).rejects.toMatchObject({
    name: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
    $metadata: { httpStatusCode: 403 },
  });
  await expect(identify(session)).rejects.toMatchObject({
    name: 'ExpiredToken',
    message: 'The security token included in the request is expired',
    $metadata: { httpStatusCode: 403 },
  });
});

test('a session ends even where signatures are not looked at', async () => {
  let nowMs = Date.now();
  const { url } = await emulate({ now: () => new Date(nowMs) });
  const keys = { ...(await startSession(url, 900)), secretAccessKey: 'any' };
  const client = clientOf(url, { credentials: keys });
  await client.send(new GetClientCertificatesCommand({}));
  nowMs += 900_000;
  await expect(client.send(new GetClientCertificatesCommand({}))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
  });
});

/** A token that an emulator without credentials takes for its own, since its key is known. */
const tokenOf = (content: string) =>
  Buffer.concat([createHmac('sha256', 'token ').update(content).digest(), Buffer.from(content)]).toString(
    'base64',
  );

test.each([
  'garbage',
  'null',
  '"text"',
  '{"accessKeyId":"AKIDEXAMPLE"}',
  '{"accessKeyId":"AKIDEXAMPLE","roleArn":{"toString":1},"sessionName":"x","expiresMs":1}',
])('a token of %s is nobody, and hurts nobody', async (content) => {
  const { url } = await emulate();
  const keys = { ...credentials, sessionToken: tokenOf(content) };
  const listed = await clientOf(url, { credentials: keys }).send(new GetClientCertificatesCommand({}));
  expect(listed).toMatchObject({ items: [] });
  const caller = await stsClientOf(url, { credentials: keys }).send(new GetCallerIdentityCommand());
  expect(caller).toMatchObject({ Account: '123456789012' });
});

test('a signature for one service is none for the other', async () => {
  const { url } = await emulate({ credentials, now: () => new Date('2026-01-01T00:00:00Z') });
  const headers = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    'x-amz-date': '20260101T000000Z',
  });
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const sts = await fetch(url, { method: 'POST', headers: headers('apigateway'), body });
  expect(await sts.text()).toContain(`<Code>SignatureDoesNotMatch</Code>
    <Message>Credential should be scoped to correct service: 'sts'. </Message>`);
  const apiGateway = await fetch(`${url}/clientcertificates`, { headers: headers('sts') });
  expect(await apiGateway.json()).toEqual({
    message: "Credential should be scoped to correct service: 'apigateway'. ",
  });
});

test('a session outlives a restart of the emulator, and is nobody for one with another secret', async () => {
  const first = await emulate({ credentials });
  const session = await startSession(first.url);
  await stop(first.server);
  const ask = async (secretAccessKey: string) => {
    const { url } = await emulate({ credentials: { ...credentials, secretAccessKey } });
    return clientOf(url, { credentials: session }).send(new GetClientCertificatesCommand({}));
  };
  expect(await ask('secret')).toMatchObject({ items: [] });
  await expect(ask('other')).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});

test('no byte of a token can be changed', () => {
  const sessions = createSessions('secret');
  const role = { roleArn: RoleArn, sessionName: 'certway', expiresMs: 1 };
  const { accessKeyId, sessionToken } = sessions.start(role);
  expect(sessions.find(sessionToken)).toEqual({ accessKeyId, ...role });
  const bytes = Buffer.from(sessionToken, 'base64');
  for (const [i, byte] of bytes.entries()) {
    const changed = Buffer.from(bytes);
    changed[i] = byte ^ 1;
    expect(sessions.find(changed.toString('base64'))).toBeUndefined();
  }
  expect(createSessions('Secret').find(sessionToken)).toBeUndefined();
});
