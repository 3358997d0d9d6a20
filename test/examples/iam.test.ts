import { globSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-api-gateway';
import * as sdkV2 from '@aws-sdk/client-apigatewayv2';
import { expect, test } from 'vitest';
import { ROOT, read } from './support.ts';

type Statement = Record<'Sid' | 'Effect', string> & Record<'Action' | 'Resource', string | string[]>;
type Right = { action: string; resource: string };

const CERTIFICATE_ID = 'a1b2c3';
const CERTIFICATE_ARN = `arn:aws:apigateway:us-east-1::/clientcertificates/${CERTIFICATE_ID}`;

/** What AWS asks for besides the right to the operation itself (https://github.com/iann0036/iam-dataset/pull/39). */
const TAGS = { action: 'apigateway:PUT', resource: arnOf(`/tags/${encodeURIComponent(CERTIFICATE_ARN)}`) };
const PATCH = { action: 'apigateway:PATCH', resource: CERTIFICATE_ARN };
const BESIDES: Record<string, Right[]> = {
  GenerateClientCertificate: [TAGS],
  TagResource: [PATCH],
  UntagResource: [PATCH],
};

const policies = {
  read: await statementsOf('examples/iam/read.json'),
  'read-stages': await statementsOf('examples/iam/read-stages.json'),
  replace: await statementsOf('examples/iam/replace.json'),
  test: await statementsOf('examples/iam/test.json'),
  write: await statementsOf('examples/iam/write.json'),
};

async function statementsOf(path: string): Promise<Statement[]> {
  return JSON.parse(await read(path)).Statement;
}

function arnOf(path: string): string {
  return `arn:aws:apigateway:us-east-1::${path}`;
}

/** The sources that call AWS. */
async function sources(): Promise<string[]> {
  return Promise.all(globSync('src/{aws,resources,http}/**/*.ts', { cwd: ROOT }).map((path) => read(path)));
}

const isOfSts = (source: string) => source.includes("} from '@aws-sdk/client-sts'");

const namesIn = (source: string) =>
  Array.from(source.matchAll(/\bnew (\w+)Command\(/g), ([, name = '']) => name);

/** The operations of API Gateway that the service calls, with the rights that each requires: its method is the action, its path the resource. */
async function operations(): Promise<Map<string, Right[]>> {
  const found = (await sources())
    .filter((source) => !isOfSts(source))
    .flatMap((source) => {
      const isV2 = source.includes("} from '@aws-sdk/client-apigatewayv2'");
      return namesIn(source).map((name): [string, Right[]] => [
        isV2 ? `${name} (v2)` : name,
        [rightOf(name, isV2 ? sdkV2 : sdk), ...(BESIDES[name] ?? [])],
      ]);
    });
  return new Map(found);
}

/** As the SDK's own model has it. In ARNs, paths of the second version do not tell it. */
function rightOf(operation: string, model: object): Right {
  const [, , , { http }] = Reflect.get(model, `${operation}$`);
  const [method, path] = http;
  return {
    action: `apigateway:${method}`,
    resource: arnOf(
      path
        .replace('{clientCertificateId}', CERTIFICATE_ID)
        .replace('{resourceArn}', encodeURIComponent(CERTIFICATE_ARN))
        .replace(/\{(restApiId|ApiId)\}/, 'a1b2c3d4e5')
        .replace(/\{(stageName|StageName)\}/, 'prod')
        .replace('{resourceId}', 'x1y2z3')
        .replace('{httpMethod}', 'GET')
        .replace(/^\/v2\//, '/'),
    ),
  };
}

const listOf = (value: string | string[]) => [value].flat();

/** Each pair of an action and a resource of these statements. */
const grantsOf = (statements: Statement[]): Right[] =>
  statements.flatMap(({ Action, Resource }) =>
    listOf(Action).flatMap((action) => listOf(Resource).map((resource) => ({ action, resource }))),
  );

/** `*` stands for anything, slashes too (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html). */
const covers = (grant: Right, { action, resource }: Right) =>
  grant.action === action && new RegExp(`^${grant.resource.replaceAll('*', '.*')}$`).test(resource);

/** The policy for an operation. */
const policyFor = (operation: string): keyof typeof policies => {
  if (operation.startsWith('UpdateStage')) return 'replace';
  if (['GetResources', 'TestInvokeMethod'].includes(operation)) return 'test';
  if (!operation.startsWith('Get')) return 'write';
  return operation.includes('ClientCertificate') ? 'read' : 'read-stages';
};

test('the operations are found in the source', async () => {
  expect([...(await operations()).keys()].toSorted()).toEqual([
    'DeleteClientCertificate',
    'GenerateClientCertificate',
    'GetApis (v2)',
    'GetClientCertificate',
    'GetClientCertificates',
    'GetResources',
    'GetRestApis',
    'GetStage',
    'GetStage (v2)',
    'GetStages',
    'GetStages (v2)',
    'TagResource',
    'TestInvokeMethod',
    'UntagResource',
    'UpdateClientCertificate',
    'UpdateStage',
    'UpdateStage (v2)',
  ]);
});

test('of STS, the service calls one operation that requires a right, and one that requires none', async () => {
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  expect((await sources()).filter(isOfSts).flatMap(namesIn).toSorted()).toEqual([
    'AssumeRole',
    'GetCallerIdentity',
  ]);
});

test.for(Object.entries(policies))("the policy to %s follows IAM's grammar", async ([name, statements]) => {
  expect(Object.keys(JSON.parse(await read(`examples/iam/${name}.json`)))).toEqual(['Version', 'Statement']);
  for (const statement of statements) {
    expect(Object.keys(statement)).toEqual(['Sid', 'Effect', 'Action', 'Resource']);
    expect(statement).toMatchObject({ Sid: expect.stringMatching(/^[A-Za-z0-9]+$/), Effect: 'Allow' });
    for (const action of listOf(statement.Action))
      expect(action).toMatch(/^apigateway:(GET|POST|PUT|PATCH|DELETE)$/);
    for (const resource of listOf(statement.Resource))
      expect(resource).toMatch(/^arn:aws:apigateway:\*::\/[a-z]+(\/\*(\/[a-z]+(\/\*)?)?)*$/);
  }
});

test.for(Object.entries(policies))(
  'the policy to %s allows what its operations require, and nothing else',
  async ([name, statements]) => {
    const grants = grantsOf(statements);
    const needed = [...(await operations())].filter(([operation]) => policyFor(operation) === name);
    const rights = needed.flatMap(([, needs]) => needs);
    expect(rights.length).toBeGreaterThan(1);
    expect(rights.filter((right) => !grants.some((grant) => covers(grant, right)))).toEqual([]);
    expect(grants.filter((grant) => !rights.some((right) => covers(grant, right)))).toEqual([]);
  },
);

test('of an API, the policy to read stages reaches nothing but those', () => {
  const grants = grantsOf(policies['read-stages']);
  for (const action of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    for (const path of [
      '/restapis/a1',
      '/restapis/a1/resources',
      '/restapis/a1/deployments',
      '/apis/a1',
      '/apis/a1/routes',
    ])
      expect(
        grants.filter((grant) => covers(grant, { action: `apigateway:${action}`, resource: arnOf(path) })),
      ).toEqual([]);
});

test('the policies for certificates do not reach the APIs of the account', () => {
  const grants = grantsOf([...policies.read, ...policies.write]);
  for (const action of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    for (const path of ['/restapis', '/restapis/a1', '/restapis/a1/stages/prod', '/apikeys', '/account'])
      expect(
        grants.filter((grant) => covers(grant, { action: `apigateway:${action}`, resource: arnOf(path) })),
      ).toEqual([]);
});

test('notices need one right besides, on events of this source alone', async () => {
  const [statement, ...others] = JSON.parse(await read('examples/iam/notify.json')).Statement;
  expect(others).toEqual([]);
  const text = await read('src/notifications/event-bridge.ts');
  expect(namesIn(text).map((name) => `events:${name}`)).toEqual([statement.Action]);
  const [, source] = /Source: '(\w+)'/.exec(text) ?? [];
  expect(statement).toMatchObject({
    Effect: 'Allow',
    Condition: { StringEquals: { 'events:source': source } },
  });
  expect(statement.Resource).toMatch(/^arn:aws:events:\*:\*:event-bus\/\w+$/);
});
