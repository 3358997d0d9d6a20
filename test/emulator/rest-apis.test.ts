import {
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetDeploymentsCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetStagesCommand,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { emulate } from './support.ts';

const now = () => new Date('2026-11-28T10:00:00.900Z');
const today = new Date('2026-11-28T10:00:00Z');

async function emulateApi() {
  const emulator = await emulate({ now });
  const { client } = emulator;
  const { $metadata, ...api } = await client.send(new CreateRestApiCommand({ name: 'Orders' }));
  return { ...emulator, api, restApiId: api.id, rootId: api.rootResourceId };
}

/** The same with a method at `/orders`, which has this integration. */
async function emulateMethod(integration?: Partial<PutIntegrationCommandInput>) {
  const emulator = await emulateApi();
  const { client, restApiId, rootId } = emulator;
  const orders = await client.send(
    new CreateResourceCommand({ restApiId, parentId: rootId, pathPart: 'orders' }),
  );
  const method = { restApiId, resourceId: orders.id, httpMethod: 'GET' };
  await client.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  const put = (input: Partial<PutIntegrationCommandInput>) =>
    client.send(new PutIntegrationCommand({ ...method, type: 'MOCK', ...input }));
  if (integration) await put(integration);
  return { ...emulator, method, put };
}

test('a new REST API has the members that AWS answers with, and a root resource', async () => {
  const { api, client, restApiId, rootId } = await emulateApi();
  expect(api).toEqual({
    id: expect.stringMatching(/^[a-z0-9]{10}$/),
    name: 'Orders',
    createdDate: today,
    apiKeySource: 'HEADER',
    disableExecuteApiEndpoint: false,
    endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
    rootResourceId: expect.stringMatching(/^[a-z0-9]{10}$/),
  });
  expect(await client.send(new GetRestApiCommand({ restApiId }))).toMatchObject(api);
  const { items } = await client.send(new GetResourcesCommand({ restApiId }));
  expect(items).toEqual([{ id: rootId, path: '/' }]);
});

test.each([
  [{}, 'Invalid REST API name specified'],
  [{ name: 'a', description: '' }, 'Description cannot be an empty string'],
  [
    { name: 'a', endpointConfiguration: { types: ['wrong' as 'EDGE'] } },
    "1 validation error detected: Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]",
  ],
  [
    { name: 'a', endpointConfiguration: { types: ['EDGE' as const, 'REGIONAL' as const] } },
    'Cannot create an api with multiple Endpoint Types.',
  ],
])('CreateRestApi refuses %j', async (input, message) => {
  const { client } = await emulate();
  const refused = client.send(new CreateRestApiCommand({ name: undefined, ...input }));
  await expect(refused).rejects.toMatchObject({ message, $metadata: { httpStatusCode: 400 } });
});

test('REST APIs come in pages by position', async () => {
  const { client } = await emulate({ restApis: ['a', 'b', 'c'].map((id) => ({ id })) });
  const first = await client.send(new GetRestApisCommand({ limit: 2 }));
  expect(first.items?.map(({ id }) => id)).toEqual(['a', 'b']);
  const second = await client.send(new GetRestApisCommand({ limit: 2, position: first.position }));
  expect(second.items?.map(({ id }) => id)).toEqual(['c']);
  expect(second.position).toBeUndefined();
});

test('an unknown REST API is named with its account', async () => {
  const { client } = await emulateApi();
  for (const command of [
    new GetRestApiCommand({ restApiId: 'FAKE' }),
    new GetStagesCommand({ restApiId: 'FAKE' }),
    new GetResourcesCommand({ restApiId: 'FAKE' }),
    new DeleteRestApiCommand({ restApiId: 'FAKE' }),
  ] as GetRestApiCommand[])
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid API identifier specified 123456789012:FAKE',
    });
});

test('a deleted REST API takes all that belongs to it along', async () => {
  const { client, restApiId, method } = await emulateMethod({});
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: 'prod' }));
  await client.send(new DeleteRestApiCommand({ restApiId }));
  await expect(client.send(new GetStagesCommand({ restApiId }))).rejects.toThrow('Invalid API identifier');
  await expect(client.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }))).rejects.toThrow(
    'Invalid Resource identifier specified',
  );
});

test('resources have the paths of their parents', async () => {
  const { client, restApiId, method } = await emulateMethod({});
  const proxy = await client.send(
    new CreateResourceCommand({ restApiId, parentId: method.resourceId, pathPart: '{proxy+}' }),
  );
  expect(proxy).toMatchObject({
    parentId: method.resourceId,
    pathPart: '{proxy+}',
    path: '/orders/{proxy+}',
  });
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
  expect(items.map(({ path }) => path).sort()).toEqual(['/', '/orders', '/orders/{proxy+}']);
  expect(items.find(({ path }) => path === '/orders')?.resourceMethods).toEqual({ GET: {} });
  const embedded = await client.send(new GetResourcesCommand({ restApiId, embed: ['methods'] }));
  expect(embedded.items?.find(({ path }) => path === '/orders')?.resourceMethods).toMatchObject({
    GET: { httpMethod: 'GET', authorizationType: 'NONE', methodIntegration: { type: 'MOCK' } },
  });
});

test.each([
  ['orders', 'Another resource with the same parent already has this name: orders'],
  ['a/b', expect.stringContaining("Resource's path part only allow")],
])('the path part %s is refused', async (pathPart, message) => {
  const { client, restApiId, rootId } = await emulateMethod();
  const refused = client.send(new CreateResourceCommand({ restApiId, parentId: rootId, pathPart }));
  await expect(refused).rejects.toMatchObject({ message });
});

test('a greedy resource has no children, and a resource one variable child', async () => {
  const { client, restApiId, rootId } = await emulateApi();
  const create = (parentId: string | undefined, pathPart: string) =>
    client.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
  const { id } = await create(rootId, '{proxy+}');
  await expect(create(id, 'x')).rejects.toThrow(
    'Cannot create a child of a resource with a greedy path variable: {proxy+}',
  );
  await expect(create(rootId, '{id}')).rejects.toThrow(
    'A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed',
  );
  await expect(create('zzzzzz', 'x')).rejects.toThrow('Invalid Resource identifier specified');
});

test('a method is made once', async () => {
  const { client, method } = await emulateMethod();
  const again = client.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  await expect(again).rejects.toMatchObject({
    name: 'ConflictException',
    message: 'Method already exists for this resource',
  });
  const wrong = client.send(
    new PutMethodCommand({ ...method, httpMethod: 'BREW', authorizationType: 'NONE' }),
  );
  await expect(wrong).rejects.toThrow('Invalid HttpMethod specified. Valid options are GET,PUT,POST');
});

test('an HTTP integration has the members that AWS answers with', async () => {
  const { put, method } = await emulateMethod();
  const uri = 'https://localhost:8443/orders';
  const { $metadata, ...integration } = await put({
    type: 'HTTP_PROXY',
    integrationHttpMethod: 'GET',
    uri,
    tlsConfig: { insecureSkipVerification: true },
  });
  expect($metadata.httpStatusCode).toBe(201);
  expect(integration).toEqual({
    type: 'HTTP_PROXY',
    httpMethod: 'GET',
    uri,
    connectionType: 'INTERNET',
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutInMillis: 29_000,
    cacheNamespace: method.resourceId,
    cacheKeyParameters: [],
    tlsConfig: { insecureSkipVerification: true },
  });
});

test.each<[Partial<PutIntegrationCommandInput>, string]>([
  [{ type: 'HTTP' }, 'Enumeration value for HttpMethod must be non-empty'],
  ...['CONNECT', 'get', 'BREW'].map(
    (integrationHttpMethod): [Partial<PutIntegrationCommandInput>, string] => [
      { type: 'HTTP_PROXY', integrationHttpMethod, uri: 'http://localhost/' },
      'Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY',
    ],
  ),
  [{ type: 'HTTP', integrationHttpMethod: 'GET', uri: 'ftp://x' }, 'Invalid HTTP endpoint specified for URI'],
  [
    { type: 'HTTPS_PROXY' as 'HTTP' },
    "1 validation error detected: Value 'HTTPS_PROXY' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]",
  ],
  [{ type: 'AWS_PROXY' }, 'The integration type AWS_PROXY is not supported by this emulator'],
  [{ timeoutInMillis: 30_000 }, 'Timeout should be between 50 ms and 29000 ms'],
])('the integration %j is refused', async (input, message) => {
  const { put } = await emulateMethod();
  await expect(put(input)).rejects.toMatchObject({ message });
});

test.each(['100.5', '1e999', '"100"', 'true'])('%s is no integer', async (value) => {
  const { http, method } = await emulateMethod();
  const { restApiId, resourceId } = method;
  const integration = await http(`/restapis/${restApiId}/resources/${resourceId}/methods/GET/integration`, {
    method: 'PUT',
    body: `{"type":"MOCK","timeoutInMillis":${value}}`,
  });
  const api = await http('/restapis', {
    method: 'POST',
    body: `{"name":"x","minimumCompressionSize":${value}}`,
  });
  for (const { status, headers } of [integration, api])
    expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'SerializationException']);
});

test('a deployment needs methods, and an integration for each', async () => {
  const { client, restApiId } = await emulateApi();
  const deploy = (id = restApiId) => client.send(new CreateDeploymentCommand({ restApiId: id }));
  await expect(deploy()).rejects.toThrow("The REST API doesn't contain any methods");
  const other = await emulateMethod();
  await expect(
    other.client.send(new CreateDeploymentCommand({ restApiId: other.restApiId })),
  ).rejects.toThrow('No integration defined for method');
});

test('a deployment makes the stage that it names, or moves it', async () => {
  const { client, restApiId } = await emulateMethod({});
  const deploy = () =>
    client.send(
      new CreateDeploymentCommand({
        restApiId,
        stageName: 'prod',
        description: 'of the deployment',
        stageDescription: 'of the stage',
        variables: { a: '1' },
        cacheClusterEnabled: true,
        cacheClusterSize: '0.5',
        tracingEnabled: true,
      }),
    );
  const first = await deploy();
  expect(first).toMatchObject({ description: 'of the deployment', createdDate: today });
  const second = await deploy();
  const { item } = await client.send(new GetStagesCommand({ restApiId }));
  expect(item).toEqual([
    expect.objectContaining({
      deploymentId: second.id,
      description: 'of the stage',
      variables: { a: '1' },
      cacheClusterEnabled: true,
      cacheClusterSize: '0.5',
      tracingEnabled: true,
    }),
  ]);
  const { items = [] } = await client.send(new GetDeploymentsCommand({ restApiId }));
  expect(items.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
});
