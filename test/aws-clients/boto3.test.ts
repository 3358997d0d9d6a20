import { expect, test } from 'vitest';
import { recorded } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { emulateCounting, startPythonClient as startClient } from './support.ts';

const createdDate = new Date('2026-01-01T00:00:00Z');
const five = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, createdDate }));
const status = (code: number) => expect.objectContaining({ HTTPStatusCode: code });
const resourceArn = 'arn:aws:apigateway:us-east-1::/clientcertificates/a';

test('generate answers 201 with the whole certificate', async () => {
  const { url } = await emulateCounting({ now: () => createdDate });
  const { answer } = startClient(url);
  const input = { description: 'Größe', tags: { 'cost centre': 'ü' } };
  expect(await answer('generate_client_certificate', input)).toEqual({
    ...input,
    clientCertificateId: expect.stringMatching(/^[a-z0-9]{6}$/),
    pemEncodedCertificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\r\n/),
    createdDate: '2026-01-01T00:00:00+00:00',
    expirationDate: '2027-01-01T00:00:00+00:00',
    ResponseMetadata: status(201),
  });
});

test('a certificate is read, updated, listed and deleted', async () => {
  const { url } = await emulateCounting({ examples: [{ id: 'a', description: 'before', createdDate }] });
  const { answer } = startClient(url);
  const clientCertificateId = 'a';
  const certificate = {
    clientCertificateId,
    description: 'before',
    pemEncodedCertificate: expect.any(String),
    createdDate: '2026-01-01T00:00:00+00:00',
    expirationDate: '2027-01-01T00:00:00+00:00',
  };
  const read = await answer('get_client_certificate', { clientCertificateId });
  expect(read).toEqual({ ...certificate, ResponseMetadata: status(200) });
  const patchOperations = [{ op: 'replace', path: '/description', value: 'after' }];
  const updated = await answer('update_client_certificate', { clientCertificateId, patchOperations });
  expect(updated).toEqual({ ...certificate, description: 'after', ResponseMetadata: status(200) });
  const items = [{ ...certificate, description: 'after' }];
  expect(await answer('get_client_certificates', {})).toEqual({ items, ResponseMetadata: status(200) });
  const deleted = await answer('delete_client_certificate', { clientCertificateId });
  expect(deleted).toEqual({ ResponseMetadata: status(202) });
  expect(await answer('get_client_certificates', {})).toEqual({ items: [], ResponseMetadata: status(200) });
});

test('the tags of a certificate', async () => {
  const { url } = await emulateCounting({ examples: [{ id: 'a', tags: { kept: '1' }, createdDate }] });
  const { answer } = startClient(url);
  const tagged = await answer('tag_resource', { resourceArn, tags: { added: '1', 'a b+c': '' } });
  expect(tagged).toEqual({ ResponseMetadata: status(204) });
  expect(await answer('get_tags', { resourceArn })).toMatchObject({
    tags: { kept: '1', added: '1', 'a b+c': '' },
  });
  const untagged = await answer('untag_resource', { resourceArn, tagKeys: ['added', 'a b+c'] });
  expect(untagged).toEqual({ ResponseMetadata: status(204) });
  expect(await answer('get_tags', { resourceArn })).toMatchObject({ tags: { kept: '1' } });
});

test('the paginator takes a call for each page', async () => {
  const { url, operations } = await emulateCounting({ examples: five });
  const { answer } = startClient(url);
  const PaginationConfig = { PageSize: 2 };
  const pages = await answer('paginate', 'get_client_certificates', { PaginationConfig });
  const ids = (...all: string[]) => all.map((id) => expect.objectContaining({ clientCertificateId: id }));
  expect(pages).toEqual([
    expect.objectContaining({ items: ids('a', 'b'), position: 'aWQ9U2I=' }),
    expect.objectContaining({ items: ids('c', 'd'), position: 'aWQ9U2Q=' }),
    { items: ids('e'), ResponseMetadata: status(200) },
  ]);
  expect(operations).toHaveLength(3);
});

test('there are no waiters to try', async () => {
  const { url } = await emulateCounting();
  const { answer } = startClient(url);
  expect(await answer('waiters')).toEqual([]);
});

test('errors have the classes, words and statuses of the service model', async () => {
  const { url } = await emulateCounting();
  const { call } = startClient(url);
  expect(await call('get_client_certificate', { clientCertificateId: 'zzzzzz' })).toMatchObject({
    error: 'NotFoundException',
    message:
      'An error occurred (NotFoundException) when calling the GetClientCertificate operation: ' +
      'Invalid Client Certificate identifier specified',
    response: {
      ResponseMetadata: { HTTPStatusCode: 404, RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    },
  });
  expect(await call('get_client_certificates', { limit: 0 })).toMatchObject({
    error: 'BadRequestException',
    response: { ResponseMetadata: { HTTPStatusCode: 400 } },
  });
});

test('an op that is none is an error that the service model does not know', async () => {
  const { url } = await emulateCounting({ examples: five });
  const { call } = startClient(url);
  const patchOperations = [{ op: 'wrong', path: '/description', value: 'x' }];
  const answer = await call('update_client_certificate', { clientCertificateId: 'a', patchOperations });
  expect(answer).toMatchObject({
    error: 'ClientError',
    response: { Error: { Code: 'ValidationException' } },
  });
});

test('a full account is LimitExceededException', async () => {
  const { url } = await emulateCounting({ quota: 0 });
  const { call } = startClient(url, { AWS_MAX_ATTEMPTS: '1' });
  expect(await call('generate_client_certificate', {})).toMatchObject({
    error: 'LimitExceededException',
    response: { ResponseMetadata: { HTTPStatusCode: 429, RetryAttempts: 0 } },
  });
});

test('a throttled call is TooManyRequestsException, unless it may try again', async () => {
  const throttled: Fault = { kind: 'error', error: recorded.throttled() };
  const { url, operations } = await emulateCounting({ faults: [throttled, throttled] });
  const { call } = startClient(url, { AWS_MAX_ATTEMPTS: '1' });
  expect(await call('get_client_certificates', {})).toMatchObject({
    error: 'TooManyRequestsException',
    response: { message: 'Too Many Requests', ResponseMetadata: { HTTPStatusCode: 429 } },
  });
  const { answer } = startClient(url, { AWS_MAX_ATTEMPTS: '2', AWS_RETRY_MODE: 'standard' });
  expect(await answer('get_client_certificates', {})).toMatchObject({
    items: [],
    ResponseMetadata: { RetryAttempts: 1 },
  });
  expect(operations).toHaveLength(3);
});

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

test('what it signs is what the emulator checks', async () => {
  const { url } = await emulateCounting({ credentials, examples: five });
  const { answer } = startClient(url);
  const tags = { 'cost centre': 'ü', 'größe+': '1', kept: '' };
  await answer('tag_resource', { resourceArn, tags });
  await answer('untag_resource', { resourceArn, tagKeys: ['größe+', 'cost centre'] });
  expect(await answer('get_tags', { resourceArn })).toMatchObject({ tags: { kept: '' } });
  await answer('generate_client_certificate', {});
  await answer('get_client_certificate', { clientCertificateId: 'b' });
  await answer('update_client_certificate', { clientCertificateId: 'b', patchOperations: [] });
  await answer('delete_client_certificate', { clientCertificateId: 'b' });
  const pages = await answer('paginate', 'get_client_certificates', { PaginationConfig: { PageSize: 2 } });
  expect(pages).toHaveLength(3);
});

test.each([
  ['AWS_SECRET_ACCESS_KEY', 'InvalidSignatureException'],
  ['AWS_ACCESS_KEY_ID', 'UnrecognizedClientException'],
])('another %s is %s', async (name, code) => {
  const { url } = await emulateCounting({ credentials });
  const { call } = startClient(url, { [name]: 'other' });
  expect(await call('get_client_certificates', {})).toMatchObject({
    error: 'ClientError',
    response: { Error: { Code: code }, ResponseMetadata: { HTTPStatusCode: 403, RetryAttempts: 0 } },
  });
});
