import { expect, test } from 'vitest';
import { recorded } from '../../src/emulator/errors.ts';
import { fingerprintOf, startBackend } from '../emulator/backend.ts';
import { emulateCounting, startV2Client } from './support.ts';

const createdDate = new Date('2026-01-01T00:00:00Z');
const examples = ['a', 'b', 'c'].map((id) => ({ id, createdDate }));
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

type Made = { id: string; ApiId: string; clientCertificateId: string; pemEncodedCertificate: string };

test('a certificate is generated, read, updated, tagged, listed and deleted', async () => {
  const { url } = await emulateCounting({ credentials });
  const { answer, call } = startV2Client(url);
  const input = { description: 'Größe', tags: { 'cost centre': 'ü' } };
  const made = (await answer('generateClientCertificate', input)) as Made;
  const { clientCertificateId } = made;
  expect(made).toEqual({
    ...input,
    clientCertificateId: expect.stringMatching(/^[a-z0-9]{6}$/),
    pemEncodedCertificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\r\n/),
    createdDate: expect.stringMatching(/^\d{4}-.*Z$/),
    expirationDate: expect.stringMatching(/^\d{4}-.*Z$/),
    httpStatus: 201,
  });
  const read = { ...made, httpStatus: 200 };
  expect(await answer('getClientCertificate', { clientCertificateId })).toEqual(read);
  const patchOperations = [{ op: 'replace', path: '/description', value: 'after' }];
  const updated = await answer('updateClientCertificate', { clientCertificateId, patchOperations });
  expect(updated).toEqual({ ...read, description: 'after' });
  const resourceArn = `arn:aws:apigateway:us-east-1::/clientcertificates/${clientCertificateId}`;
  expect(await answer('tagResource', { resourceArn, tags: { 'größe+': '1' } })).toEqual({ httpStatus: 204 });
  expect(await answer('getTags', { resourceArn })).toMatchObject({
    tags: { 'cost centre': 'ü', 'größe+': '1' },
  });
  const tagKeys = ['größe+', 'cost centre'];
  expect(await answer('untagResource', { resourceArn, tagKeys })).toEqual({ httpStatus: 204 });
  expect(await answer('getTags', { resourceArn })).toEqual({ tags: {}, httpStatus: 200 });
  expect(await answer('getClientCertificates', {})).toMatchObject({ items: [{ clientCertificateId }] });
  expect(await answer('deleteClientCertificate', { clientCertificateId })).toEqual({ httpStatus: 202 });
  expect(await call('getClientCertificate', { clientCertificateId })).toEqual({
    error: 'NotFoundException',
    message: 'Invalid Client Certificate identifier specified',
    response: { statusCode: 404 },
  });
});

test('the pages of a list take a call each', async () => {
  const { url, operations } = await emulateCounting({ examples });
  const { answer } = startV2Client(url);
  expect(await answer('pages', 'getClientCertificates', { limit: 2 })).toMatchObject([
    { items: [{ clientCertificateId: 'a' }, { clientCertificateId: 'b' }] },
    { items: [{ clientCertificateId: 'c' }] },
  ]);
  expect(operations).toHaveLength(2);
});

test('a throttled call is made again', async () => {
  const { url, operations } = await emulateCounting({
    faults: [{ kind: 'error', error: recorded.throttled() }],
  });
  const { answer } = startV2Client(url);
  expect(await answer('getClientCertificates', {})).toEqual({ items: [], httpStatus: 200 });
  expect(operations).toHaveLength(2);
});

test('a wrong secret is InvalidSignatureException', async () => {
  const { url } = await emulateCounting({ credentials });
  const { call } = startV2Client(url, { AWS_SECRET_ACCESS_KEY: 'other' });
  expect(await call('getClientCertificates', {})).toMatchObject({
    error: 'InvalidSignatureException',
    response: { statusCode: 403 },
  });
});

test('a REST API is made, deployed, called with a certificate, and deleted', async () => {
  const backend = await startBackend();
  const { url } = await emulateCounting({ credentials, examples, backendCa: backend.ca });
  const { answer, call } = startV2Client(url);
  const made = (await answer('createRestApi', { name: 'Orders', tags: { team: 'orders' } })) as Made;
  const restApiId = made.id;
  expect(await answer('pages', 'getRestApis', { limit: 1 })).toMatchObject([{ items: [{ id: restApiId }] }]);
  expect(await answer('getRestApi', { restApiId })).toMatchObject({ tags: { team: 'orders' } });
  const [{ items }] = (await answer('pages', 'getResources', { restApiId })) as [{ items: Made[] }];
  const [root] = items;
  const orders = (await answer('createResource', {
    restApiId,
    parentId: root?.id,
    pathPart: '{proxy+}',
  })) as Made;
  const method = { restApiId, resourceId: orders.id, httpMethod: 'ANY' };
  await answer('putMethod', { ...method, authorizationType: 'NONE' });
  await answer('putIntegration', {
    ...method,
    type: 'HTTP',
    integrationHttpMethod: 'ANY',
    uri: `${backend.url}/{proxy}`,
    requestParameters: { 'integration.request.path.proxy': 'method.request.path.proxy' },
  });
  const deployed = (await answer('createDeployment', { restApiId, stageName: 'prod' })) as Made;
  expect(await answer('pages', 'getDeployments', { restApiId })).toMatchObject([
    { items: [{ id: deployed.id }] },
  ]);
  await answer('createStage', { restApiId, stageName: 'test', deploymentId: deployed.id });
  const attach = (value: string) =>
    answer('updateStage', {
      restApiId,
      stageName: 'prod',
      patchOperations: [{ op: 'replace', path: '/clientCertificateId', value }],
    });
  expect(await attach('a')).toMatchObject({ clientCertificateId: 'a', httpStatus: 200 });
  expect(await answer('getStages', { restApiId })).toMatchObject({
    item: [{ stageName: 'prod', clientCertificateId: 'a' }, { stageName: 'test' }],
  });
  expect((await fetch(`${url}/_aws/execute-api/${restApiId}/prod/orders/7`)).status).toBe(201);
  expect(await attach('')).not.toHaveProperty('clientCertificateId');
  const stage = { restApiId, stageName: 'prod' };
  expect(await answer('getStage', stage)).not.toHaveProperty('clientCertificateId');
  expect(
    await answer('testInvokeMethod', {
      ...method,
      clientCertificateId: 'b',
      pathWithQueryString: '/orders/8',
    }),
  ).toMatchObject({ status: 201, httpStatus: 200 });
  const fingerprints = [];
  for (const clientCertificateId of ['a', 'b']) {
    const certificate = (await answer('getClientCertificate', { clientCertificateId })) as Made;
    fingerprints.push(fingerprintOf(certificate.pemEncodedCertificate));
  }
  expect(backend.seen.map(({ url: path, fingerprint }) => [path, fingerprint])).toEqual([
    ['/orders/7', fingerprints[0]],
    ['/orders/8', fingerprints[1]],
  ]);
  await answer('deleteStage', stage);
  expect(await answer('deleteRestApi', { restApiId })).toEqual({ httpStatus: 202 });
  expect(await call('getStages', { restApiId })).toMatchObject({
    error: 'NotFoundException',
    message: `Invalid API identifier specified 123456789012:${restApiId}`,
    response: { statusCode: 404 },
  });
});

test('a WebSocket API is made, its stage changed, and deleted', async () => {
  const { url } = await emulateCounting({ credentials, examples });
  const { answer, call } = startV2Client(url, {}, 'ApiGatewayV2');
  const { ApiId } = (await answer('createApi', {
    Name: 'Chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  })) as Made;
  expect(await answer('getApi', { ApiId })).toMatchObject({ Name: 'Chat' });
  expect(await answer('getApis', { MaxResults: '1' })).toMatchObject({
    Items: [{ ApiId }],
  });
  const stage = { ApiId, StageName: 'prod' };
  expect(await answer('createStage', { ...stage, ClientCertificateId: 'a' })).toMatchObject({
    ClientCertificateId: 'a',
    httpStatus: 201,
  });
  expect(await answer('updateStage', { ...stage, ClientCertificateId: 'b' })).toMatchObject({
    ClientCertificateId: 'b',
  });
  expect(await answer('getStages', { ApiId })).toMatchObject({
    Items: [{ StageName: 'prod', ClientCertificateId: 'b' }],
  });
  expect(await answer('updateStage', { ...stage, ClientCertificateId: '' })).not.toHaveProperty(
    'ClientCertificateId',
  );
  expect(await answer('getStage', stage)).toMatchObject({ StageName: 'prod' });
  const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}/stages/prod`;
  await answer('tagResource', { ResourceArn, Tags: { team: 'chat' } });
  expect(await answer('getTags', { ResourceArn })).toMatchObject({ Tags: { team: 'chat' } });
  await answer('untagResource', { ResourceArn, TagKeys: ['team'] });
  await answer('deleteStage', stage);
  await answer('deleteApi', { ApiId });
  expect(await call('getStage', stage)).toMatchObject({ error: 'NotFoundException' });
});
