import { expect, test } from 'vitest';
import { allowBackends } from '../../src/emulator/backends/allowed.ts';
import { emulate } from './support.ts';

/** The addresses that a name with this address would lead to, or the error. */
const lookUp = (url: string, address: string, names: string[] = []) =>
  new Promise((resolve) => {
    const lookup = allowBackends(names).lookupFor(new URL(url));
    lookup(address, { all: true }, (error, addresses) => resolve(error?.message ?? addresses));
  });

test.each([
  'http://10.0.0.7/',
  'http://0.0.0.0/',
  'http://0/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::]/',
  'http://[fe80::1]/',
  'http://[::ffff:10.0.0.7]/',
  'http://2852039166/',
  'https://192.0.2.1:8443/',
])('%s is not called', async (uri) => {
  const { http } = await emulate({
    restApis: [{ id: 'r1', backend: uri.replace(/\/$/, ''), stages: [{ stageName: 'prod' }] }],
  });
  expect(await http('/_aws/execute-api/r1/prod')).toMatchObject({
    status: 500,
    body: {
      log: [
        'Execution failed due to configuration error: Invalid endpoint address',
        `${new URL(uri).host} is not a loopback address, and not in EMULATOR_BACKENDS`,
      ],
    },
  });
});

test.each([
  'http://127.0.0.1/',
  'http://127.8.9.1:1/',
  'http://2130706433/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
])('%s may be called', (uri) => {
  expect(() => allowBackends([]).check(new URL(uri))).not.toThrow();
});

test('what a name resolves to counts', async () => {
  const url = 'http://internal.example.com/';
  expect(await lookUp(url, '127.0.0.1')).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(await lookUp(url, '10.0.0.7')).toBe(
    'internal.example.com is not a loopback address, and not in EMULATOR_BACKENDS',
  );
});

test('a named host may be called wherever it is, on its port if it has one', async () => {
  const found = [{ address: '10.0.0.7', family: 4 }];
  expect(await lookUp('http://api.example.com:81/', '10.0.0.7', ['API.example.com'])).toEqual(found);
  expect(await lookUp('https://api.example.com/', '10.0.0.7', ['api.example.com:443'])).toEqual(found);
  expect(await lookUp('https://api.example.com:444/', '10.0.0.7', ['api.example.com:443'])).toContain(
    'not in EMULATOR_BACKENDS',
  );
  expect(await lookUp('https://api.example.com.evil.com/', '10.0.0.7', ['api.example.com'])).toContain(
    'not in EMULATOR_BACKENDS',
  );
  expect(() => allowBackends(['10.0.0.7']).check(new URL('http://10.0.0.7:9000/'))).not.toThrow();
  expect(() => allowBackends(['[fd00::1]:80']).check(new URL('http://[fd00::1]/'))).not.toThrow();
});
