import {
  CreateStageCommand,
  DeleteClientCertificateCommand,
  DeleteStageCommand,
  GetStageCommand,
  GetStagesCommand,
  type PatchOperation,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { emulate } from './support.ts';

const createdDate = new Date('2026-11-28T10:00:00Z');
const ACM_ARN = 'arn:aws:acm:us-east-1:111111111111:certificate/0a1b2c3d';

/** An API `r1` with a stage `prod`, and the certificates `a` and `b`. */
async function emulateStage(stage: object = {}) {
  let now = createdDate;
  const emulator = await emulate({
    now: () => now,
    examples: ['a', 'b'].map((id) => ({ id, createdDate })),
    restApis: [{ id: 'r1', name: 'Orders', stages: [{ stageName: 'prod', ...stage }] }],
  });
  const { client } = emulator;
  const prod = { restApiId: 'r1', stageName: 'prod' };
  return {
    ...emulator,
    prod,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    read: async () => {
      const { $metadata, ...read } = await client.send(new GetStageCommand(prod));
      return read;
    },
    patch: async (...patchOperations: Partial<PatchOperation>[]) => {
      const { $metadata, ...patched } = await client.send(
        new UpdateStageCommand({ ...prod, patchOperations: patchOperations as PatchOperation[] }),
      );
      return patched;
    },
  };
}

const replace = (path: string, value: string) => ({ op: 'replace' as const, path, value });

test('a new stage has the members that AWS answers with, and no others', async () => {
  const { client } = await emulateStage();
  const { $metadata, ...stage } = await client.send(
    new CreateStageCommand({ restApiId: 'r1', stageName: 'test', deploymentId: 'r1deployment' }),
  );
  expect($metadata.httpStatusCode).toBe(201);
  expect(stage).toEqual({
    stageName: 'test',
    deploymentId: 'r1deployment',
    cacheClusterEnabled: false,
    cacheClusterStatus: 'NOT_AVAILABLE',
    methodSettings: {},
    tracingEnabled: false,
    createdDate,
    lastUpdatedDate: createdDate,
  });
});

test.each([
  [{ stageName: 'prod' }, 409, 'Stage already exists'],
  [{ stageName: 'a.b' }, 400, 'Stage name only allows a-zA-Z0-9_'],
  [{ deploymentId: 'zzzzzz' }, 400, 'Deployment id does not exist'],
  [{ restApiId: 'zz' }, 404, 'Invalid API identifier specified 123456789012:zz'],
  [{ tags: { 'aws:a': 'b' } }, 400, "Invalid tag key. Tag keys cannot start with 'aws:' (case insensitive)"],
])('CreateStage refuses %j', async (input, httpStatusCode, message) => {
  const { client } = await emulateStage();
  const refused = client.send(
    new CreateStageCommand({ restApiId: 'r1', stageName: 'test', deploymentId: 'r1deployment', ...input }),
  );
  await expect(refused).rejects.toMatchObject({ message, $metadata: { httpStatusCode } });
});

test('an API has 10 stages at most', async () => {
  const { client } = await emulateStage();
  const create = (stageName: string) =>
    client.send(new CreateStageCommand({ restApiId: 'r1', stageName, deploymentId: 'r1deployment' }));
  for (let i = 1; i < 10; i += 1) await create(`s${i}`);
  await expect(create('s10')).rejects.toMatchObject({ name: 'LimitExceededException' });
});

test('GetStages answers with all stages of an API, or with those of a deployment', async () => {
  const { client, http } = await emulateStage();
  const { item = [] } = await client.send(new GetStagesCommand({ restApiId: 'r1' }));
  expect(item.map(({ stageName }) => stageName)).toEqual(['prod']);
  expect((await http('/restapis/r1/stages')).body).toEqual({
    item: [expect.objectContaining({ createdDate: createdDate.getTime() / 1000 })],
  });
  const none = await client.send(new GetStagesCommand({ restApiId: 'r1', deploymentId: 'other' }));
  expect(none.item).toEqual([]);
});

test('an unknown stage is NotFoundException', async () => {
  const { client } = await emulateStage();
  const unknown = { restApiId: 'r1', stageName: 'zz' };
  for (const command of [
    new GetStageCommand(unknown),
    new UpdateStageCommand(unknown),
    new DeleteStageCommand(unknown),
  ] as GetStageCommand[])
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid stage identifier specified',
    });
});

test('a stage gets a certificate, and the time of the change', async () => {
  const { patch, pass, read } = await emulateStage();
  pass(5000);
  const patched = await patch(replace('/clientCertificateId', 'a'));
  expect(patched).toMatchObject({
    clientCertificateId: 'a',
    createdDate,
    lastUpdatedDate: new Date(createdDate.getTime() + 5000),
  });
  expect(await read()).toEqual(patched);
});

test('an empty value detaches the certificate', async () => {
  const { patch, read } = await emulateStage({ clientCertificateId: 'a' });
  expect(await read()).toHaveProperty('clientCertificateId', 'a');
  expect(await patch(replace('/clientCertificateId', ''))).not.toHaveProperty('clientCertificateId');
  expect(await read()).not.toHaveProperty('clientCertificateId');
});

test('the certificate may be one of ACM, and must not be an unknown one', async () => {
  const { patch, read } = await emulateStage();
  expect(await patch(replace('/clientCertificateId', ACM_ARN))).toMatchObject({
    clientCertificateId: ACM_ARN,
  });
  await expect(patch(replace('/clientCertificateId', 'zzzzzz'))).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'Client certificate id does not exist',
  });
  expect(await read()).toMatchObject({ clientCertificateId: ACM_ARN });
});

test('a stage may refer to a certificate that does not exist', async () => {
  const { read } = await emulateStage({ clientCertificateId: 'zzzzzz' });
  expect(await read()).toMatchObject({ clientCertificateId: 'zzzzzz' });
});

test('a certificate that a stage uses cannot be deleted', async () => {
  const { client, patch } = await emulateStage({ clientCertificateId: 'a' });
  const remove = () => client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'a' }));
  await expect(remove()).rejects.toMatchObject({ name: 'ConflictException' });
  await patch(replace('/clientCertificateId', 'b'));
  await remove();
});

test('the other settings of a stage can be changed in the same request', async () => {
  const { patch } = await emulateStage();
  expect(
    await patch(
      replace('/description', 'stage new'),
      replace('/variables/var1', 'test'),
      replace('/*/*/throttling/burstLimit', '123'),
      replace('/*/*/caching/enabled', 'true'),
      replace('/tracingEnabled', 'true'),
      replace('/test/GET/throttling/burstLimit', '124'),
      replace('/accessLogSettings/format', '$context.requestId'),
    ),
  ).toMatchObject({
    description: 'stage new',
    variables: { var1: 'test' },
    tracingEnabled: true,
    accessLogSettings: { format: '$context.requestId' },
    methodSettings: {
      '*/*': {
        cacheDataEncrypted: false,
        cacheTtlInSeconds: 300,
        cachingEnabled: true,
        dataTraceEnabled: false,
        metricsEnabled: false,
        requireAuthorizationForCacheControl: true,
        throttlingBurstLimit: 123,
        throttlingRateLimit: 10_000,
        unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
      },
      'test/GET': { cachingEnabled: true, throttlingBurstLimit: 124 },
    },
  });
});

test('-1 is a value of the throttling settings, in the forms that Terraform sends', async () => {
  const { patch, read } = await emulateStage();
  await patch(
    replace('/*/*/throttling/burstLimit', '-1'),
    replace('/*/*/throttling/rateLimit', '-1.000000'),
    replace('/a/GET/throttling/rateLimit', '0.5'),
  );
  expect((await read()).methodSettings).toMatchObject({
    '*/*': { throttlingBurstLimit: -1, throttlingRateLimit: -1 },
    'a/GET': { throttlingBurstLimit: -1, throttlingRateLimit: 0.5 },
  });
});

test('the version of the documentation can be replaced, and taken away', async () => {
  const { patch, read } = await emulateStage({ documentationVersion: '1' });
  await patch(replace('/documentationVersion', '2'));
  expect(await read()).toMatchObject({ documentationVersion: '2' });
  await patch(replace('/documentationVersion', ''));
  expect(await read()).not.toHaveProperty('documentationVersion');
});

test('settings can be removed', async () => {
  const { patch } = await emulateStage({ variables: { a: '1' }, accessLogSettings: { format: 'x' } });
  await patch(replace('/*/*/caching/enabled', 'true'));
  const patched = await patch(
    { op: 'remove', path: '/*/*' },
    { op: 'remove', path: '/variables/a' },
    { op: 'remove', path: '/accessLogSettings' },
  );
  expect(patched.methodSettings).toEqual({});
  expect(patched).not.toHaveProperty('variables');
  expect(patched).not.toHaveProperty('accessLogSettings');
});

const CANNOT_REMOVE = 'because there is no method setting for this method ';

test.each<[Partial<PatchOperation>, string]>([
  [
    replace('/tags/tag1', 'x'),
    'Invalid method setting path: /tags/tag1. Must be one of: [/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled]',
  ],
  [{ op: 'remove', path: '/*/*' }, `Cannot remove method setting */* ${CANNOT_REMOVE}`],
  [
    { op: 'remove', path: '/clientCertificateId' },
    `Cannot remove method setting clientCertificateId ${CANNOT_REMOVE}`,
  ],
  [
    { op: 'remove', path: '/canarySettings/badPath' },
    `Cannot remove method setting canarySettings/badPath ${CANNOT_REMOVE}`,
  ],
  [
    { op: 'add', path: '/clientCertificateId', value: 'a' },
    'Invalid add operation with path: /clientCertificateId',
  ],
  [
    { op: 'copy', path: '/variables', from: '/canarySettings/stageVariableOverrides' },
    'Promotion not available. Canary does not exist.',
  ],
  [replace('/deploymentId', 'zzzzzz'), 'Deployment id does not exist'],
  [replace('/accessLogSettings/format', ''), 'Access Log value must not be empty'],
  [replace('/tracingEnabled', 'yes'), 'Invalid value specified for patch path /tracingEnabled'],
  ...['throttling/burstLimit', 'throttling/rateLimit', 'caching/ttlInSeconds'].map(
    (end): [Partial<PatchOperation>, string] => [
      replace(`/*/*/${end}`, end === 'throttling/rateLimit' ? '--1' : '1.5'),
      `Invalid value specified for patch path /*/*/${end}`,
    ],
  ),
  [{ op: 'replace', value: 'x' }, 'Invalid patch path null'],
  [
    { op: 'wrong' as 'replace', path: '/description' },
    "1 validation error detected: Value 'wrong' at 'updateStageInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]",
  ],
])('the patch operation %j is refused, and those before it are not done', async (operation, message) => {
  const { patch, read } = await emulateStage();
  await expect(patch(replace('/description', 'x'), operation)).rejects.toMatchObject({
    message: message.replace('patchOperations.1', 'patchOperations.2'),
    $metadata: { httpStatusCode: 400 },
  });
  expect(await read()).not.toHaveProperty('description');
});

test('a stage with the tag emulator:fault refuses changes', async () => {
  const { client, patch, prod } = await emulateStage({ tags: { 'emulator:fault': 'conflict' } });
  const refused = { name: 'ConflictException', message: expect.stringContaining('try again later') };
  await expect(patch(replace('/clientCertificateId', 'a'))).rejects.toMatchObject(refused);
  await expect(client.send(new DeleteStageCommand(prod))).rejects.toMatchObject(refused);
});

test('a deleted stage is gone', async () => {
  const { client, prod } = await emulateStage();
  const { $metadata } = await client.send(new DeleteStageCommand(prod));
  expect($metadata.httpStatusCode).toBe(202);
  await expect(client.send(new GetStageCommand(prod))).rejects.toThrow('Invalid stage identifier specified');
});
