import { GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { generateRsaKeyPair } from '../../src/emulator/x509.ts';
import { AUTHORIZATION, emulate } from './support.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test('an error has its type in a header and its message in a JSON body', async () => {
  const { http } = await emulate();
  const { status, headers, body } = await http('/clientcertificates/zzzzzz');
  expect(status).toBe(404);
  expect(headers.get('x-amzn-errortype')).toBe('NotFoundException');
  expect(headers.get('content-type')).toBe('application/json');
  expect(body).toEqual({ message: 'Invalid Client Certificate identifier specified' });
});

test('every answer has a request id of its own, errors too', async () => {
  const { http } = await emulate();
  const answers = [
    await http('/clientcertificates'),
    await http('/clientcertificates/zzzzzz'),
    await http('/clientcertificates', { method: 'POST' }),
  ];
  const ids = answers.map(({ headers }) => headers.get('x-amzn-requestid'));
  expect(ids).toEqual(ids.map(() => expect.stringMatching(UUID)));
  expect(new Set(ids).size).toBe(3);
  const gatewayIds = answers.map(({ headers }) => headers.get('x-amz-apigw-id'));
  expect(gatewayIds).toEqual(gatewayIds.map(() => expect.stringMatching(/^[\w-]{15}=$/)));
});

test('only errors have an error type', async () => {
  const { http } = await emulate();
  expect((await http('/clientcertificates')).headers.has('x-amzn-errortype')).toBe(false);
});

test('the request id of an answer is the one that the SDK shows', async () => {
  const { client } = await emulate();
  const get = client.send(new GetClientCertificateCommand({ clientCertificateId: 'zzzzzz' }));
  await expect(get).rejects.toMatchObject({ $metadata: { requestId: expect.stringMatching(UUID) } });
});

const unauthenticated = { status: 403, body: { message: 'Missing Authentication Token' } };

test.each([
  ['GET', '/clientcertificates'],
  ['POST', '/clientcertificates'],
  ['DELETE', '/clientcertificates/zzzzzz'],
  ['GET', '/nowhere'],
])('%s %s without credentials is MissingAuthenticationTokenException', async (method, path) => {
  const { url, http } = await emulate();
  const response = await fetch(url + path, { method });
  expect({ status: response.status, body: await response.json() }).toEqual(unauthenticated);
  expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  expect((await http('/clientcertificates')).body).toEqual({ item: [] });
});

test.each([
  ['GET', '/'],
  ['GET', '/usageplans'],
  ['PUT', '/clientcertificates'],
  ['GET', '/clientcertificates/'],
  ['DELETE', '/clientcertificates/'],
  ['GET', '/clientcertificates/a/b'],
  ['POST', '/clientcertificates/zzzzzz'],
  ['GET', '/tags/'],
  ['OPTIONS', '/clientcertificates'],
  ['GET', '//elsewhere/x'],
  ['GET', '//clientcertificates'],
  ['POST', '//clientcertificates'],
  ['GET', '//elsewhere/clientcertificates'],
  ['GET', '//'],
])('%s %s is no operation, which AWS answers like missing credentials', async (method, path) => {
  const { http } = await emulate();
  const { status, headers, body } = await http(path, { method });
  expect({ status, body }).toEqual(unauthenticated);
  expect(headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
});

test.each([
  '..%2f..',
  '%00',
  '%zz',
  '%F0%9F%94%91',
  "'%20OR%201=1",
  'A1B2C3',
  'a'.repeat(300),
  'arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fclientcertificates%2Fa1b2c3',
])('the id %s is NotFoundException', async (id) => {
  const { http } = await emulate({ examples: [{ id: 'a1b2c3', createdDate: new Date() }] });
  for (const method of ['GET', 'DELETE', 'PATCH'])
    expect(await http(`/clientcertificates/${id}`, { method })).toMatchObject({
      status: 404,
      body: { message: 'Invalid Client Certificate identifier specified' },
    });
});

test('any credentials will do', async () => {
  const { http } = await emulate();
  for (const authorization of [AUTHORIZATION, 'Bearer x', 'rubbish'])
    expect(await http('/clientcertificates', { headers: { authorization } })).toMatchObject({ status: 200 });
});

test('a defect of the emulator is an InternalFailure, and the next request is answered', async () => {
  let broken = true;
  const keyPair = generateRsaKeyPair();
  const { http } = await emulate({
    generateKeyPair: () => (broken ? Promise.reject(new Error('no entropy')) : keyPair),
  });
  const generate = () => http('/clientcertificates', { method: 'POST', body: '{}' });
  const { status, headers } = await generate();
  expect([status, headers.get('x-amzn-errortype')]).toEqual([500, 'InternalFailure']);
  broken = false;
  expect(await generate()).toMatchObject({ status: 201 });
});
