import { expect, test } from 'vitest';
import { AUTHORIZATION, emulate } from './support.ts';

const emulateOne = () =>
  emulate({ examples: [{ id: 'a1b2c3', tags: { team: 'payments' }, createdDate: new Date() }] });

const decoded = 'arn:aws:apigateway:us-east-1::/clientcertificates/a1b2c3';

test.each([
  ['encoded', encodeURIComponent(decoded)],
  ['decoded', decoded],
  ['half decoded, with its slashes', encodeURIComponent(decoded).replaceAll('%2F', '/')],
  ['half decoded, with its colons', decoded.replaceAll('/', '%2F')],
  ['encoded in lower case', encodeURIComponent(decoded).toLowerCase()],
])('an ARN in the path may be %s', async (_, arn) => {
  const { http } = await emulateOne();
  const body = JSON.stringify({ tags: { added: '1' } });
  expect(await http(`/tags/${arn}`, { method: 'PUT', body })).toMatchObject({ status: 204 });
  expect(await http(`/tags/${arn}?tagKeys=team&tagKeys=x`, { method: 'DELETE' })).toMatchObject({
    status: 204,
  });
  expect(await http(`/tags/${arn}`)).toMatchObject({ status: 200, body: { tags: { added: '1' } } });
});

test.each([
  'a1b2c3',
  'invalid-arn',
  'arn:aws:apigateway',
  'arn:aws:apigateway:us-east-1::',
  ' arn:aws:apigateway:us-east-1::/clientcertificates/a1b2c3',
  '%',
])('%j is not well formed', async (arn) => {
  const { http } = await emulateOne();
  const { status, headers, body } = await http(`/tags/${encodeURIComponent(arn)}`);
  expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'BadRequestException']);
  expect(body).toEqual({ message: `Invalid ARN. ARN is not well formed ${arn}` });
});

test.each([
  'arn:aws:s3:us-east-1::/clientcertificates/a1b2c3',
  'arn:aws:apigateway:eu-west-1::/clientcertificates/a1b2c3',
  'arn:aws:apigateway:us-east-1:123456789012:/clientcertificates/a1b2c3',
  'arn:aws:apigateway:us-east-1::/clientcertificates',
  'arn:aws:apigateway:us-east-1::/clientcertificates/',
  'arn:aws:apigateway:us-east-1::/clientcertificates/A1B2C3',
  'arn:aws:apigateway:us-east-1::/clientcertificates/a1b2c3/x',
  'arn:aws:apigateway:us-east-1::/restapis',
  'arn:aws:apigateway:us-east-1::clientcertificates/a1b2c3',
])('%s names nothing that could be tagged here', async (arn) => {
  const { http } = await emulateOne();
  const { status, headers, body } = await http(`/tags/${encodeURIComponent(arn)}`);
  expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'BadRequestException']);
  expect(body).toEqual({ message: 'Invalid ARN specified in the request' });
});

test('the region of an ARN is that of the signature', async () => {
  const { http } = await emulateOne();
  const headers = { authorization: AUTHORIZATION.replace('us-east-1', 'eu-west-1') };
  expect(await http(`/tags/${decoded}`, { headers })).toMatchObject({ status: 400 });
  const made = await http('/clientcertificates', { method: 'POST', headers, body: '{"tags":{"team":"a"}}' });
  const arn = `arn:aws:apigateway:eu-west-1::/clientcertificates/${made.body.clientCertificateId}`;
  expect(await http(`/tags/${arn}`, { headers })).toMatchObject({
    status: 200,
    body: { tags: { team: 'a' } },
  });
});

test('a signature that names no region stands for us-east-1', async () => {
  const { http } = await emulateOne();
  const headers = { authorization: 'Bearer x' };
  expect(await http(`/tags/${decoded}`, { headers })).toMatchObject({ status: 200 });
});

test.each(['aws-cn', 'aws-us-gov'])('the partition %s is as good as another', async (partition) => {
  const { http } = await emulateOne();
  expect(await http(`/tags/${decoded.replace('aws', partition)}`)).toMatchObject({ status: 200 });
});
