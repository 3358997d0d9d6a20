import { createHash } from 'node:crypto';
import {
  type APIGatewayClient,
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/runs.ts';
import { header, recordOf, replay, type WireRequest, withHeaders } from './signed-requests.ts';
import { clientOf, emulate, idOf } from './support.ts';

/** Those of `clientOf`. */
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const createdDate = new Date();
const resourceArn = 'arn:aws:apigateway:us-east-1::/clientcertificates/a1b2c3';
const example = { id: 'a1b2c3', tags: { team: 'payments', kept: '1' }, createdDate };
const emulateSigned = () => emulate({ credentials, examples: [example] });

const list = (client: APIGatewayClient) => client.send(new GetClientCertificatesCommand({}));
const tag = (client: APIGatewayClient) =>
  client.send(new TagResourceCommand({ resourceArn, tags: { added: '1' } }));
const untag = (client: APIGatewayClient) =>
  client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team', 'a b'] }));

test('all that the SDK signs passes, of every operation', async () => {
  const { client } = await emulate({ credentials });
  const first = await client.send(new GenerateClientCertificateCommand({}));
  const clientCertificateId = idOf(first);
  await client.send(new GenerateClientCertificateCommand({ description: 'Größe — 大きさ' }));
  const get = await client.send(new GetClientCertificateCommand({ clientCertificateId }));
  expect(get.clientCertificateId).toBe(clientCertificateId);
  const { position, items } = await client.send(new GetClientCertificatesCommand({ limit: 1 }));
  expect(items).toHaveLength(1);
  expect((await client.send(new GetClientCertificatesCommand({ limit: 1, position }))).items).toHaveLength(1);
  const patchOperations = [{ op: 'replace' as const, path: '/description', value: 'ü' }];
  await client.send(new UpdateClientCertificateCommand({ clientCertificateId, patchOperations }));
  await client.send(new UpdateClientCertificateCommand({ clientCertificateId }));

  const arn = `arn:aws:apigateway:us-east-1::/clientcertificates/${clientCertificateId}`;
  const tags = { 'cost centre': '1', größe: '2', 'a+b': '3', 'a=b': '4', 'x/y:z@': '5', kept: '' };
  await client.send(new TagResourceCommand({ resourceArn: arn, tags }));
  expect((await client.send(new GetTagsCommand({ resourceArn: arn }))).tags).toEqual(tags);
  const tagKeys = ['x/y:z@', 'a=b', 'a+b', 'größe', 'cost centre'];
  await client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys }));
  expect((await client.send(new GetTagsCommand({ resourceArn: arn }))).tags).toEqual({ kept: '' });

  await client.send(new DeleteClientCertificateCommand({ clientCertificateId }));
  expect((await client.send(new GetClientCertificatesCommand({}))).items).toHaveLength(1);
});

test('whatever a caller writes into the path, the query or the body is signed as it is checked', async () => {
  const { client } = await emulateSigned();
  const words = fc.string({ unit: 'binary', maxLength: 20 }).filter((it) => it !== '.');
  const complaint = (call: Promise<unknown>) => call.then(() => '', String);
  await fc.assert(
    fc.asyncProperty(words, fc.array(words, { minLength: 1, maxLength: 4 }), async (word, more) => {
      const complaints = [
        await complaint(client.send(new GetClientCertificateCommand({ clientCertificateId: word }))),
        await complaint(client.send(new GetClientCertificatesCommand({ position: word }))),
        await complaint(client.send(new UntagResourceCommand({ resourceArn, tagKeys: [word, ...more] }))),
        await complaint(client.send(new GetTagsCommand({ resourceArn: word }))),
        await complaint(client.send(new GenerateClientCertificateCommand({ tags: { [word]: word } }))),
      ].join('\n');
      expect(complaints).not.toMatch(/Signature|UnrecognizedClient|SyntaxError|InternalFailure/);
    }),
    { numRuns: runs(60), examples: [['', ['']]] },
  );
});

test('any region will do', async () => {
  const { url } = await emulateSigned();
  expect(await list(clientOf(url, { region: 'eu-west-1' }))).toMatchObject({ items: [] });
});

test('a wrong secret is InvalidSignatureException, which shows what should have been signed', async () => {
  const { url, client } = await emulateSigned();
  const wrong = clientOf(url, { credentials: { ...credentials, secretAccessKey: 'Secret' } });
  await expect(untag(wrong)).rejects.toMatchObject({
    name: 'InvalidSignatureException',
    $metadata: { httpStatusCode: 403 },
  });
  const { message } = await untag(wrong).catch((error) => error);
  expect(message).toMatch(
    /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key and signing method\. Consult the service documentation for details\.\n\nThe Canonical String for this request should have been\n'DELETE\n\/tags\/arn%253Aaws%253Aapigateway%253Aus-east-1%253A%253A%252Fclientcertificates%252Fa1b2c3\ntagKeys=a%20b&tagKeys=team\naccept:application\/json\n/,
  );
  expect(message).toMatch(
    /'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n\d{8}\/us-east-1\/apigateway\/aws4_request\n[0-9a-f]{64}'\n$/,
  );
  expect(message).not.toMatch(/secret'|Secret'/);
  expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual(example.tags);
});

test.each([
  ['an unknown key', { ...credentials, accessKeyId: 'AKIDEXAMPLF' }],
  ['a session token', { ...credentials, sessionToken: 'token' }],
])('%s is UnrecognizedClientException', async (_, wrong) => {
  const { url } = await emulateSigned();
  await expect(list(clientOf(url, { credentials: wrong }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
    $metadata: { httpStatusCode: 403 },
  });
});

test('a request that was recorded passes as it is, and with headers that were not signed', async () => {
  const { url } = await emulateSigned();
  const signed = await recordOf(untag);
  expect(await replay(url, signed)).toMatchObject({ status: 204 });
  const more = withHeaders(signed, { 'x-forwarded-for': '192.0.2.1', via: ['a', 'b'] });
  expect(await replay(url, more)).toMatchObject({ status: 204 });
  expect(await replay(url, await recordOf(tag))).toMatchObject({ status: 204 });
});

const mismatch = {
  status: 403,
  errorType: 'InvalidSignatureException',
  message: expect.stringMatching(/^The request signature we calculated does not match/),
};

test.each([
  ['another path', { path: '/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fclientcertificates%2Fa1b2c4' }],
  ['a decoded path', { path: `/tags/${resourceArn}` }],
  ['a path of lower case', { path: `/tags/${encodeURIComponent(resourceArn).toLowerCase()}` }],
  ['another slash at the end', { path: `/tags/${encodeURIComponent(resourceArn)}/` }],
  ['a query', { path: `/tags/${encodeURIComponent(resourceArn)}?tagKeys=team` }],
  ['another method', { method: 'POST' }],
  ['another body', { body: Buffer.from('{"tags":{"added":"2"}}') }],
  ['an empty body', { body: Buffer.alloc(0) }],
])('%s than was signed is InvalidSignatureException', async (_, change) => {
  const { url, client } = await emulateSigned();
  const signed = await recordOf(tag);
  const changed = { ...signed, ...change };
  const length = String(changed.body.length);
  expect(await replay(url, withHeaders(changed, { 'content-length': length }))).toEqual(mismatch);
  expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual(example.tags);
});

test.each([
  '?tagKeys=team',
  '?tagKeys=team&tagKeys=a',
  '?tagKeys=a+c&tagKeys=team',
  '?tagKeys=team%26tagKeys=a%20b',
])('the query %s instead of the signed one is InvalidSignatureException', async (query) => {
  const { url } = await emulateSigned();
  const signed = await recordOf(untag);
  const path = signed.path.replace(/\?.*/, query);
  expect(await replay(url, { ...signed, path })).toEqual(mismatch);
});

test('the order of a query is not signed', async () => {
  const { url } = await emulateSigned();
  const signed = await recordOf(untag);
  const [before = '', ...keys] = signed.path.split(/[?&]/);
  expect(keys).toEqual(['tagKeys=team', 'tagKeys=a%20b']);
  const path = `${before}?${keys.reverse().join('&')}`;
  expect(await replay(url, { ...signed, path })).toMatchObject({ status: 204 });
});

const BODY_SHA256 = 'x-amz-content-sha256';

test.each([
  ['accept', 'text/html'],
  ['accept', ['application/json', 'application/json']],
  ['host', '127.0.0.1:1'],
  ['content-type', 'text/plain'],
  ['amz-sdk-request', 'attempt=2; max=1'],
  [BODY_SHA256, 'UNSIGNED-PAYLOAD'],
  [BODY_SHA256, '0'.repeat(64)],
])('the header %s: %j instead of the signed one is InvalidSignatureException', async (name, value) => {
  const { url } = await emulateSigned();
  expect(await replay(url, withHeaders(await recordOf(tag), { [name]: value }))).toEqual(mismatch);
});

test('blanks around and within the value of a header are not signed', async () => {
  const { url } = await emulateSigned();
  const signed = await recordOf(list);
  const changed = withHeaders(signed, { 'amz-sdk-request': '  attempt=1;   max=1 ' });
  expect(await replay(url, changed)).toMatchObject({ status: 200 });
});

/** Signed by botocore 1.29.27, which sends no hash of the body. */
const signedByBotocore = (method: string, path: string, body: string, signature: string): WireRequest => ({
  method,
  path,
  headers: [
    ['accept', 'application/json'],
    ['host', 'apigateway.us-east-1.amazonaws.com'],
    ['x-amz-date', '20261120T120000Z'],
    [
      'authorization',
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261120/us-east-1/apigateway/aws4_request, ' +
        `SignedHeaders=accept;host;x-amz-date, Signature=${signature}`,
    ],
    ['content-length', String(body.length)],
  ].flat(),
  body: Buffer.from(body),
});
const generate = signedByBotocore(
  'POST',
  '/clientcertificates',
  '{"description":"x"}',
  '17708da5a5edcfab0da2d8643c6a9b6685d77b35a9c503e09cb20e71a860f1a2',
);
const now = () => new Date('2026-11-20T12:00:00Z');

test('a query is signed in the order of its encoded names, then values', async () => {
  const { url } = await emulate({ credentials, examples: [example], now });
  const query = 'tagKeys=team&tagKeys=a%20%2A%2Bb&a=1&a-b=1';
  const path = `/tags/${encodeURIComponent(resourceArn)}?${query}`;
  const signature = '58f0812639e6868f73f4d4156830e74c5d537b444b7a07d544e3b468329a9256';
  expect(await replay(url, signedByBotocore('DELETE', path, '', signature))).toMatchObject({ status: 204 });
});

test.each([
  ['größe', '2d2ab17776773d2b365a9bc2b70664a91811781a59cf6bab78d7d869f52c2f11'],
  // `à` has the byte A0, which is a blank in Latin-1.
  ['voilà la carte, voilà', '77b28970770ad1f3a666a4c6ac9214acb9e2aa500984baf099c926e872e1c10b'],
])('a header that is not ASCII is signed in the bytes that are sent: %s', async (note, signature) => {
  const { url } = await emulate({ credentials, now });
  const plain = signedByBotocore('GET', '/clientcertificates', '', signature);
  const signed = withHeaders(plain, {
    'x-note': Buffer.from(note).toString('latin1'), // Node sends a character as a byte
    authorization: header(plain, 'authorization').replace('x-amz-date', 'x-amz-date;x-note'),
  });
  expect(await replay(url, signed)).toMatchObject({ status: 200 });
});

test('a body is signed without x-amz-content-sha256 too', async () => {
  const { url } = await emulate({ credentials, now });
  expect(await replay(url, generate)).toMatchObject({ status: 201 });
  const body = Buffer.from('{"description":"y"}');
  expect(await replay(url, { ...generate, body })).toEqual(mismatch);
});

test('x-amz-content-sha256 must be the hash of the body even where it was not signed', async () => {
  const { url } = await emulate({ credentials, now });
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const right = withHeaders(generate, { [BODY_SHA256]: hash('{"description":"x"}') });
  expect(await replay(url, right)).toMatchObject({ status: 201 });
  const wrong = withHeaders(generate, { [BODY_SHA256]: hash('{"description":"y"}') });
  expect(await replay(url, wrong)).toEqual(mismatch);
  expect(await replay(url, { ...wrong, body: Buffer.from('{"description":"y"}') })).toEqual(mismatch);
});

test('without credentials it looks at no signature', async () => {
  const { url } = await emulate();
  const wrong = clientOf(url, { credentials: { accessKeyId: 'x', secretAccessKey: 'y', sessionToken: 'z' } });
  expect(await list(wrong)).toMatchObject({ items: [] });
});

test('the signature is checked after the token, before the throttle and the route', async () => {
  const { url, http } = await emulate({ credentials, requestsPerSecond: 0.001, burst: 1 });
  const headers = { authorization: 'rubbish' };
  const unsigned = await fetch(`${url}/nowhere`);
  expect(unsigned.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  for (const path of ['/nowhere', '/clientcertificates', '/clientcertificates'])
    expect((await http(path, { headers })).headers.get('x-amzn-errortype')).toBe(
      'IncompleteSignatureException',
    );
  expect(await replay(url, await recordOf(list))).toMatchObject({ status: 200 });
  expect(await replay(url, await recordOf(list))).toMatchObject({ errorType: 'TooManyRequestsException' });
});
