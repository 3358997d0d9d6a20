import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../../src/settings/config.ts';
import { CREDENTIALS, startService } from '../support/service.ts';

const query = '{ clientCertificates { edges { node { awsId: id } } } }';

const credentials = { accessKeyId: 'AKID-1', secretAccessKey: 'Zm/9:+s3cret' };
const EMULATOR_CREDENTIALS = `${credentials.accessKeyId}:${credentials.secretAccessKey}`;
test('a service with other credentials than the emulator wants answers UPSTREAM_DENIED', async () => {
  for (const wanted of [
    { ...CREDENTIALS, secretAccessKey: 'other' },
    { ...CREDENTIALS, accessKeyId: 'other' },
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
