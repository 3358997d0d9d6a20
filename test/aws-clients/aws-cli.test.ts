import { expect, test } from 'vitest';
import { recorded } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { emulateCounting, runCli } from './support.ts';

const run = (url: string, args: string[], env: Record<string, string> = {}) =>
  runCli(url, 'apigateway', args, env);

/** What it answers, of a run that must succeed. */
async function aws(url: string, ...args: string[]) {
  const { code, stderr, stdout } = await run(url, args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout === '' ? undefined : JSON.parse(stdout);
}

const createdDate = new Date('2026-01-01T00:00:00Z');
const five = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, createdDate }));
const idsOf = (answer: { items: { clientCertificateId: string }[] }) =>
  answer.items.map(({ clientCertificateId }) => clientCertificateId);

test('the life of a certificate, from generate to delete', async () => {
  const { url, operations } = await emulateCounting({ now: () => createdDate });
  const made = await aws(
    url,
    'generate-client-certificate',
    '--description',
    'before',
    '--tags',
    'team=payments',
  );
  expect(made).toEqual({
    clientCertificateId: expect.stringMatching(/^[a-z0-9]{6}$/),
    description: 'before',
    pemEncodedCertificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\r\n/),
    createdDate: '2026-01-01T00:00:00+00:00',
    expirationDate: '2027-01-01T00:00:00+00:00',
    tags: { team: 'payments' },
  });
  const id = ['--client-certificate-id', made.clientCertificateId];
  expect(await aws(url, 'get-client-certificate', ...id)).toEqual(made);
  const patch = ['--patch-operations', 'op=replace,path=/description,value=after'];
  const updated = await aws(url, 'update-client-certificate', ...id, ...patch);
  expect(updated).toEqual({ ...made, description: 'after' });
  expect(await aws(url, 'get-client-certificates')).toEqual({ items: [updated] });
  expect(await aws(url, 'delete-client-certificate', ...id)).toBeUndefined();
  expect(await aws(url, 'get-client-certificates')).toEqual({ items: [] });
  expect(operations).toEqual([
    'GenerateClientCertificate',
    'GetClientCertificate',
    'UpdateClientCertificate',
    'GetClientCertificates',
    'DeleteClientCertificate',
    'GetClientCertificates',
  ]);
});

test('the tags of a certificate', async () => {
  const { url } = await emulateCounting({ examples: [{ id: 'a', tags: { kept: '1' }, createdDate }] });
  const arn = ['--resource-arn', 'arn:aws:apigateway:us-east-1::/clientcertificates/a'];
  expect(await aws(url, 'tag-resource', ...arn, '--tags', '{"added":"1","cost centre":"ü"}')).toBeUndefined();
  expect(await aws(url, 'get-tags', ...arn)).toEqual({ tags: { kept: '1', added: '1', 'cost centre': 'ü' } });
  expect(await aws(url, 'untag-resource', ...arn, '--tag-keys', 'added', 'cost centre')).toBeUndefined();
  expect(await aws(url, 'get-tags', ...arn)).toEqual({ tags: { kept: '1' } });
});

test('a list takes a call for each page of --page-size', async () => {
  const { url, operations } = await emulateCounting({ examples: five });
  const answer = await aws(url, 'get-client-certificates', '--page-size', '2');
  expect(idsOf(answer)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(operations).toHaveLength(3);
});

test('a list goes on from its token after --max-items', async () => {
  const { url } = await emulateCounting({ examples: five });
  const list = ['get-client-certificates', '--page-size', '2'];
  const first = await aws(url, ...list, '--max-items', '3');
  expect(idsOf(first)).toEqual(['a', 'b', 'c']);
  const second = await aws(url, ...list, '--starting-token', first.NextToken);
  expect(idsOf(second)).toEqual(['d', 'e']);
  expect(second).not.toHaveProperty('NextToken');
});

test.each([
  [
    ['get-client-certificate', '--client-certificate-id', 'zzzzzz'],
    'An error occurred (NotFoundException) when calling the GetClientCertificate operation: Invalid Client Certificate identifier specified',
  ],
  [
    ['generate-client-certificate', '--tags', 'aws:name=x'],
    "An error occurred (BadRequestException) when calling the GenerateClientCertificate operation: Invalid tag key. Tag keys cannot start with 'aws:' (case insensitive)",
  ],
  [
    ['get-client-certificates', '--page-size', '501'],
    'An error occurred (BadRequestException) when calling the GetClientCertificates operation: Invalid limit specified. Must be between 1 and 500',
  ],
])('aws %j tells the error', async (args, stderr) => {
  const { url } = await emulateCounting();
  expect(await run(url, args)).toEqual({ code: 254, stderr, stdout: '' });
});

test('a full account is LimitExceededException', async () => {
  const { url } = await emulateCounting({ quota: 0 });
  const { code, stderr } = await run(url, ['generate-client-certificate'], { AWS_MAX_ATTEMPTS: '1' });
  expect([code, stderr]).toEqual([254, expect.stringContaining('(LimitExceededException)')]);
});

test('a throttled call is TooManyRequestsException, unless it may try again', async () => {
  const throttled: Fault = { kind: 'error', error: recorded.throttled() };
  const { url, operations } = await emulateCounting({ faults: [throttled, throttled] });
  const { code, stderr } = await run(url, ['get-client-certificates'], { AWS_MAX_ATTEMPTS: '1' });
  expect([code, stderr]).toEqual([
    254,
    'An error occurred (TooManyRequestsException) when calling the GetClientCertificates operation (reached max retries: 0): Too Many Requests',
  ]);
  expect(await run(url, ['get-client-certificates'], { AWS_MAX_ATTEMPTS: '2' })).toMatchObject({ code: 0 });
  expect(operations).toHaveLength(3);
});

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

test('what it signs is what the emulator checks', async () => {
  const { url } = await emulateCounting({ credentials, examples: [{ id: 'a', createdDate }] });
  const arn = ['--resource-arn', 'arn:aws:apigateway:us-east-1::/clientcertificates/a'];
  await aws(url, 'tag-resource', ...arn, '--tags', '{"cost centre":"ü","a+b":"1","kept":"1"}');
  await aws(url, 'untag-resource', ...arn, '--tag-keys', 'cost centre', 'a+b');
  expect(await aws(url, 'get-tags', ...arn)).toEqual({ tags: { kept: '1' } });
  const made = await aws(url, 'generate-client-certificate', '--description', 'Größe');
  const id = ['--client-certificate-id', made.clientCertificateId];
  await aws(url, 'update-client-certificate', ...id, '--patch-operations', 'op=replace,path=/description');
  await aws(url, 'delete-client-certificate', ...id);
  expect(idsOf(await aws(url, 'get-client-certificates', '--page-size', '1'))).toEqual(['a']);
});

test.each([
  [
    'AWS_SECRET_ACCESS_KEY',
    'InvalidSignatureException',
    'The request signature we calculated does not match',
  ],
  [
    'AWS_ACCESS_KEY_ID',
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  ],
])('another %s is %s', async (name, code, words) => {
  const { url } = await emulateCounting({ credentials });
  const { code: exit, stderr } = await run(url, ['get-client-certificates'], { [name]: 'other' });
  const prefix = `An error occurred (${code}) when calling the GetClientCertificates operation: ${words}`;
  expect([exit, stderr]).toEqual([254, expect.stringContaining(prefix)]);
});
