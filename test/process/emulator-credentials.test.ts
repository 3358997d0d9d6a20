import { GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { clientOf } from '../emulator/support.ts';
import { run, serve } from '../support/process.ts';

const credentials = { accessKeyId: 'AKID-1', secretAccessKey: 'Zm/9:+s3cret' };
const EMULATOR_CREDENTIALS = `${credentials.accessKeyId}:${credentials.secretAccessKey}`;
const ENDPOINT = /(?<=--endpoint-url )\S+/;

const list = (url: string, secretAccessKey: string) =>
  clientOf(url, { credentials: { ...credentials, secretAccessKey } }).send(
    new GetClientCertificatesCommand({}),
  );

test('EMULATOR_CREDENTIALS are used by the service, and required by the emulator', async () => {
  const { printed, query, stop } = await serve({ EMULATOR_CREDENTIALS });
  const { data, errors } = await query('{ clientCertificates { edges { node { awsId: id } } } }');
  expect(errors).toBeUndefined();
  expect(data.clientCertificates.edges).toHaveLength(5);
  const emulator = await printed(ENDPOINT);
  expect((await list(emulator, credentials.secretAccessKey)).items).toHaveLength(5);
  await expect(list(emulator, 'any')).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  const { stdout, stderr } = await stop();
  expect(stdout).toContain('AWS_ACCESS_KEY_ID=AKID-1 AWS_SECRET_ACCESS_KEY=SECRET aws apigateway');
  expect(stdout).toContain('SECRET stands for the secret of EMULATOR_CREDENTIALS.');
  expect(stdout + stderr).not.toContain('s3cret');
});

test('the emulator alone requires EMULATOR_CREDENTIALS too', async () => {
  const { printed, stop } = await run(['emulator'], { EMULATOR_CREDENTIALS });
  const emulator = await printed(ENDPOINT);
  expect((await list(emulator, credentials.secretAccessKey)).items).toHaveLength(5);
  await expect(list(emulator, 'any')).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  const { stdout, stderr } = await stop();
  expect(stdout + stderr).not.toContain('s3cret');
});

test('without EMULATOR_CREDENTIALS the emulator accepts any credentials', async () => {
  const { printed, stop } = await run(['emulator']);
  const emulator = await printed(ENDPOINT);
  expect((await list(emulator, 'any')).items).toHaveLength(5);
  const { stdout } = await stop();
  expect(stdout).toContain('AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any aws apigateway');
  expect(stdout).not.toContain('SECRET stands');
});
