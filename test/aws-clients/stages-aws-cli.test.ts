import { expect, test } from 'vitest';
import { fingerprintOf, startBackend } from '../emulator/backend.ts';
import { emulateCounting, runCli } from './support.ts';

const now = () => new Date('2026-11-28T10:00:00Z');
const certificates = ['a', 'b'].map((id) => ({ id, createdDate: new Date() }));

/** What `aws SERVICE …` answers, of a run that must succeed. */
async function aws(url: string, service: string, ...args: string[]) {
  const { code, stderr, stdout } = await runCli(url, service, args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout === '' ? undefined : JSON.parse(stdout);
}

test('a REST API is made, deployed, called with a certificate, and deleted', async () => {
  const backend = await startBackend();
  const { url, operations } = await emulateCounting({
    now,
    examples: certificates,
    backendCa: backend.ca,
  });
  const v1 = (...args: string[]) => aws(url, 'apigateway', ...args);
  const made = await v1('create-rest-api', '--name', 'Orders', '--tags', 'team=orders');
  const api = ['--rest-api-id', made.id];
  expect(await v1('get-rest-apis')).toEqual({ items: [made] });
  expect(await v1('get-rest-api', ...api)).toEqual(made);
  const { items: resources } = await v1('get-resources', ...api);
  const root = resources[0].id;
  const orders = await v1('create-resource', ...api, '--parent-id', root, '--path-part', 'orders');
  const method = [...api, '--resource-id', orders.id, '--http-method', 'GET'];
  await v1('put-method', ...method, '--authorization-type', 'NONE');
  const uri = `${backend.url}/v1/orders`;
  const put = ['--type', 'HTTP_PROXY', '--integration-http-method', 'GET', '--tls-config'];
  expect(
    await v1('put-integration', ...method, ...put, 'insecureSkipVerification=false', '--uri', uri),
  ).toMatchObject({ type: 'HTTP_PROXY', uri });
  const deployment = await v1('create-deployment', ...api, '--description', 'first');
  expect(await v1('get-deployments', ...api)).toEqual({ items: [deployment] });
  const stage = [...api, '--stage-name', 'prod'];
  await v1('create-stage', ...stage, '--deployment-id', deployment.id, '--variables', 'a=1');
  const patch = ['op=replace,path=/clientCertificateId,value=a', 'op=replace,path=/description,value=x'];
  const updated = await v1('update-stage', ...stage, '--patch-operations', ...patch);
  expect(updated).toMatchObject({ clientCertificateId: 'a', description: 'x', variables: { a: '1' } });
  expect(await v1('get-stages', ...api)).toEqual({ item: [updated] });
  const detach = ['--patch-operations', 'op=replace,path=/clientCertificateId,value='];
  expect(await v1('update-stage', ...stage, ...detach)).not.toHaveProperty('clientCertificateId');
  expect(await v1('get-stage', ...stage)).not.toHaveProperty('clientCertificateId');

  const certificate = ['--client-certificate-id', 'b'];
  const { pemEncodedCertificate } = await v1('get-client-certificate', ...certificate);
  expect(await v1('test-invoke-method', ...method, ...certificate)).toMatchObject({ status: 201 });
  expect(backend.seen).toMatchObject([
    { url: '/v1/orders', fingerprint: fingerprintOf(pemEncodedCertificate) },
  ]);
  const arn = ['--resource-arn', `arn:aws:apigateway:us-east-1::/restapis/${made.id}/stages/prod`];
  await v1('tag-resource', ...arn, '--tags', 'team=orders');
  expect(await v1('get-tags', ...arn)).toEqual({ tags: { team: 'orders' } });
  await v1('untag-resource', ...arn, '--tag-keys', 'team');
  await v1('delete-stage', ...stage);
  await v1('delete-rest-api', ...api);
  expect(await v1('get-rest-apis')).toEqual({ items: [] });
  expect(new Set(operations)).toEqual(
    new Set([
      'CreateRestApi',
      'GetRestApis',
      'GetRestApi',
      'GetResources',
      'CreateResource',
      'PutMethod',
      'PutIntegration',
      'CreateDeployment',
      'GetDeployments',
      'CreateStage',
      'UpdateStage',
      'GetStages',
      'GetStage',
      'GetClientCertificate',
      'TestInvokeMethod',
      'TagResource',
      'GetTags',
      'UntagResource',
      'DeleteStage',
      'DeleteRestApi',
    ]),
  );
});

test('a WebSocket API is made, its stage changed, and deleted', async () => {
  const { url, operations } = await emulateCounting({ now, examples: certificates });
  const v2 = (...args: string[]) => aws(url, 'apigatewayv2', ...args);
  const selection = ['--route-selection-expression', '$request.body.action'];
  const made = await v2('create-api', '--name', 'Chat', '--protocol-type', 'WEBSOCKET', ...selection);
  expect(made).toMatchObject({ Name: 'Chat', CreatedDate: '2026-11-28T10:00:00+00:00' });
  const api = ['--api-id', made.ApiId];
  expect(await v2('get-apis', '--max-results', '1')).toEqual({ Items: [made] });
  expect(await v2('get-api', ...api)).toEqual(made);
  const stage = [...api, '--stage-name', 'prod'];
  expect(
    await v2('create-stage', ...stage, '--client-certificate-id', 'a', '--tags', 'team=chat'),
  ).toMatchObject({ ClientCertificateId: 'a', Tags: { team: 'chat' } });
  const updated = await v2('update-stage', ...stage, '--client-certificate-id', 'b');
  expect(updated).toMatchObject({ ClientCertificateId: 'b', Tags: { team: 'chat' } });
  expect(await v2('get-stages', ...api)).toEqual({ Items: [updated] });
  expect(await v2('update-stage', ...stage, '--client-certificate-id', '')).not.toHaveProperty(
    'ClientCertificateId',
  );
  expect(await v2('get-stage', ...stage)).not.toHaveProperty('ClientCertificateId');
  const arn = ['--resource-arn', `arn:aws:apigateway:us-east-1::/apis/${made.ApiId}`];
  await v2('tag-resource', ...arn, '--tags', 'team=chat');
  expect(await v2('get-tags', ...arn)).toEqual({ Tags: { team: 'chat' } });
  await v2('untag-resource', ...arn, '--tag-keys', 'team');
  await v2('delete-stage', ...stage);
  await v2('delete-api', ...api);
  expect(await v2('get-apis')).toEqual({ Items: [] });
  expect(new Set(operations)).toEqual(
    new Set(
      [
        'CreateApi',
        'GetApis',
        'GetApi',
        'CreateStage',
        'UpdateStage',
        'GetStages',
        'GetStage',
        'TagResource',
        'GetTags',
        'UntagResource',
        'DeleteStage',
        'DeleteApi',
      ].map((operation) => `${operation} (v2)`),
    ),
  );
});

test('all REST APIs and all WebSocket APIs come, page by page', async () => {
  const ids = ['a', 'b', 'c'];
  const { url, operations } = await emulateCounting({
    restApis: ids.map((id) => ({ id })),
    apis: ids.map((apiId) => ({ apiId })),
  });
  const { items } = await aws(url, 'apigateway', 'get-rest-apis', '--page-size', '2');
  expect(items.map(({ id }: { id: string }) => id)).toEqual(ids);
  const { Items } = await aws(url, 'apigatewayv2', 'get-apis', '--page-size', '2');
  expect(Items.map(({ ApiId }: { ApiId: string }) => ApiId)).toEqual(ids);
  expect(operations).toEqual(['GetRestApis', 'GetRestApis', 'GetApis (v2)', 'GetApis (v2)']);
});
