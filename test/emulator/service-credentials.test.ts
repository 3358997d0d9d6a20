import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError, parseConfig } from '../../src/settings/config.ts';
import { startService } from '../support/service.ts';
import { clientOf } from './support.ts';

const query = '{ clientCertificates { edges { node { awsId: id } } } }';

/** `main.ts` with these settings, when it has printed a line for the CLI. */
async function startMain(args: string[], env: Record<string, string>) {
  const file = new URL('../../src/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [file, ...args], {
    env: { PORT: '0', EMULATOR_PORT: '0', LOG_LEVEL: 'silent', ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const exit = once(child, 'exit');
  onTestFinished(async () => {
    child.kill();
    await exit;
  });
  await expect.poll(() => output, { timeout: 10_000 }).toMatch(/aws apigateway .*\n/);
  const urls = output.match(/http:\/\/[^\s/]+/g) ?? [];
  return { output, graphql: `${urls[0]}/graphql`, emulator: urls.at(-1) ?? '' };
}

const credentials = { accessKeyId: 'AKID-1', secretAccessKey: 'Zm/9:+s3cret' };
const EMULATOR_CREDENTIALS = `${credentials.accessKeyId}:${credentials.secretAccessKey}`;
const list = (url: string, secretAccessKey: string) =>
  clientOf(url, { credentials: { ...credentials, secretAccessKey } }).send(
    new GetClientCertificatesCommand({}),
  );

test('EMULATOR_CREDENTIALS are what the service signs with and what the emulator wants', async () => {
  const { output, graphql, emulator } = await startMain([], { EMULATOR_CREDENTIALS });
  const response = await fetch(graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  expect(errors).toBeUndefined();
  expect(data.clientCertificates.edges).toHaveLength(5);
  expect((await list(emulator, credentials.secretAccessKey)).items).toHaveLength(5);
  await expect(list(emulator, 'any')).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  expect(output).toContain('AWS_ACCESS_KEY_ID=AKID-1 AWS_SECRET_ACCESS_KEY=SECRET aws apigateway');
  expect(output).toContain('SECRET stands for the secret of EMULATOR_CREDENTIALS.');
  expect(output).not.toContain('s3cret');
});

test('so does the emulator alone', async () => {
  const { output, emulator } = await startMain(['emulator'], { EMULATOR_CREDENTIALS });
  expect((await list(emulator, credentials.secretAccessKey)).items).toHaveLength(5);
  await expect(list(emulator, 'any')).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  expect(output).not.toContain('s3cret');
});

test('without them any will do', async () => {
  const { output, emulator } = await startMain(['emulator'], {});
  expect((await list(emulator, 'any')).items).toHaveLength(5);
  expect(output).toContain('AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any aws apigateway');
  expect(output).not.toContain('SECRET stands');
});

test('a service with other credentials than the emulator wants answers UPSTREAM_DENIED', async () => {
  for (const wanted of [
    { accessKeyId: 'test', secretAccessKey: 'other' },
    { accessKeyId: 'other', secretAccessKey: 'test' },
  ]) {
    const { query: ask, calls } = await startService({ emulator: { credentials: wanted } });
    const { errors } = await ask(query);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_DENIED' } }]);
    expect(calls).toHaveLength(1);
  }
});

test.each([
  's3cret',
  ':s3cret',
  'AKID:',
  'A KID:s3cret',
  'AKID:s3 cret',
  'AKID/1:s3cret',
  'AKID:s3cret\n',
  ':',
])('EMULATOR_CREDENTIALS=%j is a complaint that does not repeat it', (text) => {
  const complaint =
    'PORT: expected a whole number from 0 to 65535, got "x"\n' +
    'EMULATOR_CREDENTIALS: expected an access key and its secret as KEY:SECRET, without blanks, got something else';
  expect(() => parseConfig({ EMULATOR_CREDENTIALS: text, PORT: 'x' })).toThrow(new ConfigError(complaint));
});

test('EMULATOR_CREDENTIALS is the key, and the secret after the first colon', () => {
  expect(parseConfig({ EMULATOR_CREDENTIALS }).EMULATOR_CREDENTIALS).toEqual(credentials);
  expect(parseConfig({ EMULATOR_CREDENTIALS: '' }).EMULATOR_CREDENTIALS).toBeNull();
});
