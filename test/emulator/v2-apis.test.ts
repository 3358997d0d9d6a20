import {
  CreateApiCommand,
  CreateStageCommand,
  type CreateStageCommandInput,
  DeleteApiCommand,
  DeleteStageCommand,
  GetApiCommand,
  GetApisCommand,
  GetStageCommand,
  GetStagesCommand,
  TagResourceCommand,
  UpdateStageCommand,
  type UpdateStageCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import { expect, test } from 'vitest';
import { emulate, v2ClientOf } from './support.ts';

const createdDate = new Date('2026-11-28T10:00:00Z');

/** A WebSocket API `w1` and an HTTP API `h1` with a stage each, and the certificates `a` and `b`. */
async function emulateApis(stage: object = {}) {
  let now = createdDate;
  const emulator = await emulate({
    now: () => now,
    examples: ['a', 'b'].map((id) => ({ id, createdDate })),
    apis: [
      { apiId: 'w1', name: 'Prices', stages: [{ stageName: 'prod', ...stage }] },
      {
        apiId: 'h1',
        protocolType: 'HTTP',
        stages: [{ stageName: '$default', apiGatewayManaged: true }, { stageName: 'prod' }],
      },
    ],
  });
  const v2 = v2ClientOf(emulator.url);
  return {
    ...emulator,
    v2,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    create: (input: Partial<CreateStageCommandInput> = {}) =>
      v2.send(new CreateStageCommand({ ApiId: 'w1', StageName: 'test', ...input })),
    update: async (input: Partial<UpdateStageCommandInput>) => {
      const command = new UpdateStageCommand({ ApiId: 'w1', StageName: 'prod', ...input });
      const { $metadata, ...updated } = await v2.send(command);
      return updated;
    },
    read: async (ApiId = 'w1', StageName = 'prod') => {
      const { $metadata, ...read } = await v2.send(new GetStageCommand({ ApiId, StageName }));
      return read;
    },
  };
}

test('a new WebSocket API has the members that AWS answers with', async () => {
  const { v2 } = await emulateApis();
  const { $metadata, ...api } = await v2.send(
    new CreateApiCommand({
      Name: 'Chat',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
      Tags: { team: 'chat' },
    }),
  );
  expect($metadata.httpStatusCode).toBe(201);
  expect(api).toMatchObject({
    ApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
    ApiEndpoint: `wss://${api.ApiId}.execute-api.us-east-1.amazonaws.com`,
    Name: 'Chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
    ApiKeySelectionExpression: '$request.header.x-api-key',
    CreatedDate: createdDate,
    DisableExecuteApiEndpoint: false,
    Tags: { team: 'chat' },
  });
  const { $metadata: _, ...read } = await v2.send(new GetApiCommand({ ApiId: api.ApiId }));
  expect(read).toEqual(api);
});

test.each([
  [{ ProtocolType: 'HTTP' as const }, 'Invalid API name specified'],
  [
    { Name: 'x', ProtocolType: 'SOAP' as 'HTTP' },
    'Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]',
  ],
  [
    { Name: 'x', ProtocolType: 'WEBSOCKET' as const },
    'RouteSelectionExpression is required for WebSocket APIs',
  ],
])('CreateApi refuses %j', async (input, message) => {
  const { v2 } = await emulateApis();
  const refused = v2.send(new CreateApiCommand({ Name: undefined, ...input }));
  await expect(refused).rejects.toMatchObject({ name: 'BadRequestException', message });
});

test('APIs and stages come in pages, whose size is a text', async () => {
  const { v2, create } = await emulateApis();
  const first = await v2.send(new GetApisCommand({ MaxResults: '1' }));
  const second = await v2.send(new GetApisCommand({ MaxResults: '1', NextToken: first.NextToken }));
  expect([first, second].map(({ Items = [] }) => Items.map(({ ApiId }) => ApiId))).toEqual([['h1'], ['w1']]);
  expect(second.NextToken).toBeUndefined();
  await create({ StageName: 'alpha' });
  const stages = await v2.send(new GetStagesCommand({ ApiId: 'w1', MaxResults: '1' }));
  const rest = await v2.send(new GetStagesCommand({ ApiId: 'w1', NextToken: stages.NextToken }));
  expect([stages, rest].map(({ Items = [] }) => Items.map(({ StageName }) => StageName))).toEqual([
    ['alpha'],
    ['prod'],
  ]);
});

test.each(['0', '501', 'abc', '-1', '1.5'])('maxResults %s is refused', async (MaxResults) => {
  const { v2 } = await emulateApis();
  await expect(v2.send(new GetApisCommand({ MaxResults }))).rejects.toThrow('Invalid maxResults specified');
});

test.each(['x', 'aWQ9', 'aWQ=U2E='])('the token %s is refused or begins at the start', async (NextToken) => {
  const { v2 } = await emulateApis();
  const answer = await v2.send(new GetApisCommand({ NextToken })).catch(({ message }) => message);
  if (NextToken === 'aWQ9') expect(answer.Items).toHaveLength(2);
  else expect(answer).toBe('Invalid nextToken specified');
});

test('an unknown API or stage is NotFoundException', async () => {
  const { v2 } = await emulateApis();
  await expect(v2.send(new GetStagesCommand({ ApiId: 'zz' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Invalid API identifier specified 123456789012:zz',
  });
  await expect(v2.send(new GetStageCommand({ ApiId: 'w1', StageName: 'zz' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Invalid stage identifier specified',
  });
});

test('a stage without settings has empty objects, as AWS has', async () => {
  const { http } = await emulateApis();
  expect((await http('/v2/apis/w1/stages/prod', { headers: { accept: '*/*' } })).body).toEqual({
    stageName: 'prod',
    createdDate: '2026-11-28T10:00:00Z',
    lastUpdatedDate: '2026-11-28T10:00:00Z',
    defaultRouteSettings: { detailedMetricsEnabled: false },
    routeSettings: {},
    stageVariables: {},
    tags: {},
  });
});

test('a stage is made with its certificate', async () => {
  const { create, read } = await emulateApis();
  expect(await create({ ClientCertificateId: 'a', Tags: { team: 'x' } })).toMatchObject({
    StageName: 'test',
    ClientCertificateId: 'a',
    Tags: { team: 'x' },
    $metadata: { httpStatusCode: 201 },
  });
  expect(await read('w1', 'test')).toMatchObject({ ClientCertificateId: 'a' });
});

test.each([
  [{ StageName: 'prod' }, 409, 'Stage already exists'],
  [{ StageName: 'a.b' }, 400, 'Stage name only allows a-zA-Z0-9_- and $default'],
  [{ ClientCertificateId: 'zzzzzz' }, 400, 'Client certificate id does not exist'],
  [
    { ApiId: 'h1', ClientCertificateId: 'a' },
    400,
    'ClientCertificateId is supported only for WebSocket APIs',
  ],
])('CreateStage refuses %j', async (input, httpStatusCode, message) => {
  const { create } = await emulateApis();
  await expect(create(input)).rejects.toMatchObject({ message, $metadata: { httpStatusCode } });
});

test('an update leaves what it does not name as it is', async () => {
  const { update, pass } = await emulateApis({ clientCertificateId: 'a', description: 'before' });
  pass(5000);
  const updated = await update({ ClientCertificateId: 'b', StageVariables: { x: '1' } });
  expect(updated).toMatchObject({
    ClientCertificateId: 'b',
    Description: 'before',
    StageVariables: { x: '1' },
    CreatedDate: createdDate,
    LastUpdatedDate: new Date(createdDate.getTime() + 5000),
  });
  expect(await update({ StageVariables: { y: '2' } })).toMatchObject({
    ClientCertificateId: 'b',
    StageVariables: { x: '1', y: '2' },
  });
  expect(await update({ StageVariables: { x: '' } })).toMatchObject({ StageVariables: { y: '2' } });
});

test('an empty certificate id detaches the certificate, and an empty description changes nothing', async () => {
  const { update, read } = await emulateApis({ clientCertificateId: 'a', description: 'before' });
  const updated = await update({ ClientCertificateId: '', Description: '' });
  expect(updated).toMatchObject({ Description: 'before' });
  expect(updated).not.toHaveProperty('ClientCertificateId');
  expect(await read()).toEqual(updated);
});

test('the settings of routes and of the access log are kept, and those that are left out stay', async () => {
  const { update, read } = await emulateApis();
  const route = { LoggingLevel: 'INFO' as const, ThrottlingBurstLimit: 5, ThrottlingRateLimit: 0.5 };
  const log = {
    DestinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:x',
    Format: '$context.requestId',
  };
  await update({ RouteSettings: { send: route }, DefaultRouteSettings: route, AccessLogSettings: log });
  await update({ RouteSettings: { $default: { DataTraceEnabled: true } } });
  await update({ DefaultRouteSettings: { ThrottlingBurstLimit: 6 } });
  expect(await read()).toMatchObject({
    RouteSettings: { send: route, $default: { DataTraceEnabled: true } },
    DefaultRouteSettings: { ...route, ThrottlingBurstLimit: 6, DetailedMetricsEnabled: false },
    AccessLogSettings: log,
  });
});

test('members that settings do not have are left out, however deep they are', async () => {
  const { http } = await emulateApis();
  const deep = `${'['.repeat(9000)}${']'.repeat(9000)}`;
  const body = `{"routeSettings":{"send":{"loggingLevel":"OFF","x":${deep}}},"accessLogSettings":{"x":${deep}}}`;
  expect(await http('/v2/apis/w1/stages/prod', { method: 'PATCH', body })).toMatchObject({
    status: 200,
    body: { routeSettings: { send: { loggingLevel: 'OFF' } }, accessLogSettings: {} },
  });
  expect(await http('/clientcertificates/a', { method: 'DELETE' })).toMatchObject({ status: 202 });
});

test.each([
  '{"routeSettings":{"send":{"throttlingBurstLimit":"abc"}}}',
  '{"routeSettings":{"send":{"throttlingBurstLimit":1.5}}}',
  '{"routeSettings":{"send":"OFF"}}',
  '{"routeSettings":["OFF"]}',
  '{"defaultRouteSettings":{"loggingLevel":["OFF"]}}',
  '{"defaultRouteSettings":{"dataTraceEnabled":1}}',
  '{"accessLogSettings":{"format":1}}',
])('the settings %s are SerializationException', async (body) => {
  const { http, read } = await emulateApis();
  const before = await read();
  const { status, headers } = await http('/v2/apis/w1/stages/prod', { method: 'PATCH', body });
  expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'SerializationException']);
  expect(await read()).toEqual(before);
});

test('the $default stage of API Gateway cannot be modified', async () => {
  const { update, read } = await emulateApis();
  const $default = { ApiId: 'h1', StageName: '$default' };
  await expect(update({ ...$default, Description: 'x' })).rejects.toThrow(
    "You can't modify the $default stage",
  );
  expect(await read('h1', '$default')).toMatchObject({ ApiGatewayManaged: true });
});

test('a certificate that a WebSocket stage uses cannot be deleted', async () => {
  const { http } = await emulateApis({ clientCertificateId: 'a' });
  expect(await http('/clientcertificates/a', { method: 'DELETE' })).toMatchObject({ status: 409 });
  expect(await http('/clientcertificates/b', { method: 'DELETE' })).toMatchObject({ status: 202 });
});

const tooMany = (LimitType: string) => ({
  name: 'TooManyRequestsException',
  LimitType,
  $metadata: { httpStatusCode: 429 },
});

test('an API has 10 stages at most, and an account 600 APIs', async () => {
  const apis = Array.from({ length: 600 }, (_, i) => ({ apiId: `w${i}` }));
  const { url } = await emulate({ apis });
  const v2 = v2ClientOf(url);
  const create = (StageName: string) => v2.send(new CreateStageCommand({ ApiId: 'w1', StageName }));
  for (let i = 0; i < 10; i += 1) await create(`s${i}`);
  await expect(create('s10')).rejects.toMatchObject(tooMany('STAGES'));
  const another = v2.send(new CreateApiCommand({ Name: 'x', ProtocolType: 'HTTP' }));
  await expect(another).rejects.toMatchObject(tooMany('APIS'));
});

test('an API or a stage has 50 tags at most', async () => {
  const { v2, create } = await emulateApis();
  const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`key${i}`, '']));
  const ResourceArn = 'arn:aws:apigateway:us-east-1::/apis/w1';
  const refused = tooMany('TAGS');
  await expect(create({ Tags })).rejects.toMatchObject(refused);
  const api = v2.send(new CreateApiCommand({ Name: 'x', ProtocolType: 'HTTP', Tags }));
  await expect(api).rejects.toMatchObject(refused);
  for (const arn of [ResourceArn, `${ResourceArn}/stages/prod`]) {
    const tagged = v2.send(new TagResourceCommand({ ResourceArn: arn, Tags }));
    await expect(tagged).rejects.toMatchObject(refused);
  }
});

test('a deleted stage is gone, and a deleted API with its stages', async () => {
  const { v2, create } = await emulateApis();
  const test = { ApiId: 'w1', StageName: 'test' };
  await create();
  expect(await v2.send(new DeleteStageCommand(test))).toMatchObject({ $metadata: { httpStatusCode: 204 } });
  await expect(v2.send(new GetStageCommand(test))).rejects.toThrow('Invalid stage identifier');
  expect(await v2.send(new DeleteApiCommand(test))).toMatchObject({ $metadata: { httpStatusCode: 204 } });
  await expect(v2.send(new GetStagesCommand(test))).rejects.toThrow('Invalid API identifier');
});
