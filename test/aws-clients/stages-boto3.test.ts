import { expect, test } from 'vitest';
import { fingerprintOf, startBackend } from '../emulator/backend.ts';
import { emulateCounting, startPythonClient } from './support.ts';

const certificates = ['a', 'b'].map((id) => ({ id, createdDate: new Date() }));
const status = (code: number) => expect.objectContaining({ HTTPStatusCode: code });

type Made = { id: string; rootResourceId: string; ApiId: string; pemEncodedCertificate: string };

test('a REST API is made, deployed, called with a certificate, and deleted', async () => {
  const backend = await startBackend();
  const { url } = await emulateCounting({ examples: certificates, backendCa: backend.ca });
  const { answer, call } = startPythonClient(url);
  const made = (await answer('create_rest_api', { name: 'Orders', tags: { team: 'orders' } })) as Made;
  const restApiId = made.id;
  expect(await answer('paginate', 'get_rest_apis', { PaginationConfig: { PageSize: 1 } })).toMatchObject([
    { items: [{ id: restApiId }] },
  ]);
  expect(await answer('get_rest_api', { restApiId })).toMatchObject({ tags: { team: 'orders' } });
  const [{ items }] = (await answer('paginate', 'get_resources', { restApiId })) as [{ items: Made[] }];
  const [root] = items;
  const orders = (await answer('create_resource', {
    restApiId,
    parentId: root?.id,
    pathPart: '{proxy+}',
  })) as Made;
  const method = { restApiId, resourceId: orders.id, httpMethod: 'ANY' };
  await answer('put_method', { ...method, authorizationType: 'NONE' });
  await answer('put_integration', {
    ...method,
    type: 'HTTP',
    integrationHttpMethod: 'ANY',
    uri: `${backend.url}/{proxy}`,
    requestParameters: { 'integration.request.path.proxy': 'method.request.path.proxy' },
  });
  const deployed = (await answer('create_deployment', { restApiId, stageName: 'prod' })) as Made;
  expect(await answer('paginate', 'get_deployments', { restApiId })).toMatchObject([
    { items: [{ id: deployed.id }] },
  ]);
  await answer('create_stage', { restApiId, stageName: 'test', deploymentId: deployed.id });
  const attach = (value: string) =>
    answer('update_stage', {
      restApiId,
      stageName: 'prod',
      patchOperations: [{ op: 'replace', path: '/clientCertificateId', value }],
    });
  expect(await attach('a')).toMatchObject({ clientCertificateId: 'a', ResponseMetadata: status(200) });
  expect(await answer('get_stages', { restApiId })).toMatchObject({
    item: [{ stageName: 'prod', clientCertificateId: 'a' }, { stageName: 'test' }],
  });
  expect((await fetch(`${url}/_aws/execute-api/${restApiId}/prod/orders/7`)).status).toBe(201);
  expect(await attach('')).not.toHaveProperty('clientCertificateId');
  const stage = { restApiId, stageName: 'prod' };
  expect(await answer('get_stage', stage)).not.toHaveProperty('clientCertificateId');
  expect(
    await answer('test_invoke_method', {
      ...method,
      clientCertificateId: 'b',
      pathWithQueryString: '/orders/8',
    }),
  ).toMatchObject({ status: 201 });
  const fingerprints = [];
  for (const clientCertificateId of ['a', 'b']) {
    const certificate = (await answer('get_client_certificate', { clientCertificateId })) as Made;
    fingerprints.push(fingerprintOf(certificate.pemEncodedCertificate));
  }
  expect(backend.seen.map(({ url: path, fingerprint }) => [path, fingerprint])).toEqual([
    ['/orders/7', fingerprints[0]],
    ['/orders/8', fingerprints[1]],
  ]);
  await answer('delete_stage', stage);
  expect(await answer('delete_rest_api', { restApiId })).toEqual({ ResponseMetadata: status(202) });
  expect(await call('get_stages', { restApiId })).toMatchObject({
    error: 'NotFoundException',
    response: { Error: { Message: `Invalid API identifier specified 123456789012:${restApiId}` } },
  });
});

test('a WebSocket API is made, its stage changed, and deleted', async () => {
  const { url } = await emulateCounting({ examples: certificates });
  const { answer, call } = startPythonClient(url, {}, 'apigatewayv2');
  const { ApiId } = (await answer('create_api', {
    Name: 'Chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  })) as Made;
  expect(await answer('get_api', { ApiId })).toMatchObject({ Name: 'Chat' });
  expect(await answer('paginate', 'get_apis', { PaginationConfig: { PageSize: 1 } })).toMatchObject([
    { Items: [{ ApiId }] },
  ]);
  const stage = { ApiId, StageName: 'prod' };
  expect(await answer('create_stage', { ...stage, ClientCertificateId: 'a' })).toMatchObject({
    ClientCertificateId: 'a',
    ResponseMetadata: status(201),
  });
  expect(await answer('update_stage', { ...stage, ClientCertificateId: 'b' })).toMatchObject({
    ClientCertificateId: 'b',
  });
  expect(await answer('paginate', 'get_stages', { ApiId })).toMatchObject([
    { Items: [{ StageName: 'prod', ClientCertificateId: 'b' }] },
  ]);
  expect(await answer('update_stage', { ...stage, ClientCertificateId: '' })).not.toHaveProperty(
    'ClientCertificateId',
  );
  const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}/stages/prod`;
  await answer('tag_resource', { ResourceArn, Tags: { team: 'chat' } });
  expect(await answer('get_tags', { ResourceArn })).toMatchObject({ Tags: { team: 'chat' } });
  await answer('untag_resource', { ResourceArn, TagKeys: ['team'] });
  await answer('delete_stage', stage);
  await answer('delete_api', { ApiId });
  expect(await call('get_stage', stage)).toMatchObject({ error: 'NotFoundException' });
});
