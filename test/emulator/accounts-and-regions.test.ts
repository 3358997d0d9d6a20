import {
  CreateStageCommand,
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  GetClientCertificatesCommand,
  GetRestApiCommand,
  GetStagesCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateApiCommand, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { expect, test } from 'vitest';
import type { AccountRegionName } from '../../src/emulator/account-region-name.ts';
import { AwsError } from '../../src/emulator/errors.ts';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { AUTHORIZATION, clientOf, emulate, idOf, v2ClientOf, walk } from './support.ts';

/** What the SDK of a member of this account needs. */
const of = (accountId: string, region: string) => ({
  region,
  credentials: { accessKeyId: accountId, secretAccessKey: 'any' },
});

const createdDate = new Date();
const generate = () => new GenerateClientCertificateCommand();

async function emulateTwo(options: EmulatorOptions = {}) {
  const emulator = await emulate(options);
  return {
    ...emulator,
    virginia: clientOf(emulator.url, of('111111111111', 'us-east-1')),
    ireland: clientOf(emulator.url, of('111111111111', 'eu-west-1')),
    other: clientOf(emulator.url, of('222222222222', 'us-east-1')),
  };
}

test('each region of an account, and each account, has its own certificates', async () => {
  const { virginia, ireland, other } = await emulateTwo();
  const [a, b, c] = [
    idOf(await virginia.send(generate())),
    idOf(await ireland.send(generate())),
    idOf(await other.send(generate())),
  ];
  expect(await Promise.all([virginia, ireland, other].map((client) => walk(client, 500)))).toEqual([
    [a],
    [b],
    [c],
  ]);
});

test('an access key id of 12 digits is an account, and any other belongs to 123456789012', async () => {
  const { url, client } = await emulate({ examples: [{ id: 'a', createdDate }] });
  expect(await walk(client, 500)).toEqual(['a']);
  expect(await walk(clientOf(url, of('123456789012', 'us-east-1')), 500)).toEqual(['a']);
  expect(await walk(clientOf(url, of('1234567890123', 'us-east-1')), 500)).toEqual(['a']);
  expect(await walk(clientOf(url, of('12345678901a', 'us-east-1')), 500)).toEqual(['a']);
  expect(await walk(clientOf(url, of('210987654321', 'us-east-1')), 500)).toEqual([]);
});

test('with credentials, an access key id of 12 digits is nobody, unless it is theirs', async () => {
  const { url } = await emulate({
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'any' },
    examples: [{ id: 'a', createdDate }],
  });
  expect(await walk(clientOf(url, of('111111111111', 'us-east-1')), 500)).toEqual(['a']);
  await expect(walk(clientOf(url, of('222222222222', 'us-east-1')), 500)).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
});

test('the same id stands for other things in other accounts and regions', async () => {
  const restApis = (name: string) => [
    { id: 'r1', name, stages: [{ stageName: 'prod', clientCertificateId: 'a' }] },
  ];
  const { virginia, ireland } = await emulateTwo({
    accountRegions: [
      { accountId: '111111111111', region: 'us-east-1', examples: [{ id: 'a', createdDate }] },
      {
        accountId: '111111111111',
        region: 'eu-west-1',
        examples: [{ id: 'a', description: 'in use', createdDate }],
        restApis: restApis('of Ireland'),
      },
    ],
  });
  expect((await ireland.send(new GetRestApiCommand({ restApiId: 'r1' }))).name).toBe('of Ireland');
  await expect(virginia.send(new GetStagesCommand({ restApiId: 'r1' }))).rejects.toMatchObject({
    message: 'Invalid API identifier specified 111111111111:r1',
  });
  const clientCertificateId = 'a';
  await expect(
    ireland.send(new DeleteClientCertificateCommand({ clientCertificateId })),
  ).rejects.toMatchObject({ name: 'ConflictException' });
  await virginia.send(new DeleteClientCertificateCommand({ clientCertificateId }));
  const { items } = await ireland.send(new GetClientCertificatesCommand({}));
  expect(items).toMatchObject([{ clientCertificateId, description: 'in use' }]);
});

test('a stage takes no certificate of another region', async () => {
  const { virginia, ireland } = await emulateTwo({
    accountRegions: [
      {
        accountId: '111111111111',
        region: 'eu-west-1',
        restApis: [{ id: 'r1', stages: [{ stageName: 'prod' }] }],
      },
    ],
  });
  const certificate = idOf(await virginia.send(generate()));
  const patchOperations = [{ op: 'replace' as const, path: '/clientCertificateId', value: certificate }];
  const update = new UpdateStageCommand({ restApiId: 'r1', stageName: 'prod', patchOperations });
  await expect(ireland.send(update)).rejects.toMatchObject({ name: 'BadRequestException' });
  const create = new CreateStageCommand({ restApiId: 'r1', stageName: 'new', deploymentId: 'r1deployment' });
  await expect(virginia.send(create)).rejects.toMatchObject({ name: 'NotFoundException' });
  await ireland.send(create);
});

test('the quota counts for each by itself', async () => {
  const { virginia, ireland, other } = await emulateTwo({ quota: 1 });
  for (const client of [virginia, ireland, other]) {
    await client.send(generate());
    await expect(client.send(generate())).rejects.toMatchObject({ name: 'LimitExceededException' });
  }
});

test('each has its own throttle', async () => {
  const { virginia, ireland, other } = await emulateTwo({ requestsPerSecond: 0.001, burst: 2 });
  for (const client of [virginia, ireland, other]) {
    expect([await walk(client, 500), await walk(client, 500)]).toEqual([[], []]);
    await expect(walk(client, 500)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  }
});

test('WebSocket APIs are apart, too, and their endpoint names the region', async () => {
  const { url } = await emulate();
  const [virginia, tokyo] = ['us-east-1', 'ap-northeast-1'].map((region) => v2ClientOf(url, { region }));
  const api = {
    Name: 'prices',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.a',
  } as const;
  const { ApiId, ApiEndpoint } = (await tokyo?.send(new CreateApiCommand(api))) ?? {};
  expect(ApiEndpoint).toBe(`wss://${ApiId}.execute-api.ap-northeast-1.amazonaws.com`);
  expect((await tokyo?.send(new GetApisCommand({})))?.Items).toMatchObject([{ ApiId }]);
  expect((await virginia?.send(new GetApisCommand({})))?.Items).toEqual([]);
});

test('what exists from the start is where it was put', async () => {
  const { virginia, ireland, other, client } = await emulateTwo({
    examples: [{ id: 'd', createdDate }],
    accountRegions: [
      { accountId: '111111111111', region: 'eu-west-1', examples: [{ id: 'i', createdDate }] },
      { accountId: '222222222222', region: 'us-east-1', examples: [{ id: 'o', createdDate }] },
    ],
  });
  expect(await walk(client, 500)).toEqual(['d']);
  expect(await walk(virginia, 500)).toEqual([]);
  expect(await walk(ireland, 500)).toEqual(['i']);
  expect(await walk(other, 500)).toEqual(['o']);
});

test('an API is executed by its id wherever it is, and first in the default account and region', async () => {
  const mock = (id: string, stageName: string) => ({ id, stages: [{ stageName }] });
  const { url } = await emulate({
    restApis: [mock('both', 'prod')],
    accountRegions: [
      {
        accountId: '111111111111',
        region: 'eu-west-1',
        restApis: [mock('one', 'prod'), mock('both', 'dev')],
      },
    ],
  });
  const statusOf = async (path: string) => (await fetch(`${url}/_aws/execute-api/${path}`)).status;
  expect(await statusOf('one/prod')).toBe(200);
  expect(await statusOf('both/prod')).toBe(200);
  expect(await statusOf('both/dev')).toBe(200);
  expect(await statusOf('one/dev')).toBe(403);
});

test('a fault can be that of one account and region', async () => {
  const seen: AccountRegionName[] = [];
  const denied = new AwsError(403, 'AccessDeniedException', 'No rights');
  const { virginia, ireland, other } = await emulateTwo({
    fault: (_operation, _labels, accountRegion) => {
      seen.push(accountRegion);
      return accountRegion.region === 'eu-west-1' ? { kind: 'error', error: denied } : undefined;
    },
  });
  expect(await walk(virginia, 500)).toEqual([]);
  await expect(walk(ireland, 500)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(await walk(other, 500)).toEqual([]);
  expect(seen).toEqual([
    { accountId: '111111111111', region: 'us-east-1' },
    { accountId: '111111111111', region: 'eu-west-1' },
    { accountId: '222222222222', region: 'us-east-1' },
  ]);
});

test.each(['EU-WEST-1', 'eu_west_1', 'x'.repeat(33), 'eu%20west'])('%j is no region', async (region) => {
  const { http } = await emulate();
  const headers = { authorization: AUTHORIZATION.replace('us-east-1', region) };
  const answer = await http('/clientcertificates', { headers });
  expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([403, 'InvalidSignatureException']);
  expect(answer.body.message).toBe(`Credential should be scoped to a valid region, not '${region}'. `);
});
