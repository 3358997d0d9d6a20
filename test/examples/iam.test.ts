import { globSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-api-gateway';
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
  write: await statementsOf('examples/iam/write.json'),
};

async function statementsOf(path: string): Promise<Statement[]> {
  return JSON.parse(await read(path)).Statement;
}

function arnOf(path: string): string {
  return `arn:aws:apigateway:us-east-1::${path}`;
}

/** The operations of AWS that the service calls, with the rights that each takes: its method is the action, its path the resource. */
async function operations(): Promise<Map<string, Right[]>> {
  const sources = await Promise.all(
    globSync('src/{aws,resources,http}/**/*.ts', { cwd: ROOT }).map((path) => read(path)),
  );
  const names = new Set(
    Array.from(sources.join('\n').matchAll(/\bnew (\w+)Command\(/g), ([, name = '']) => name),
  );
  return new Map([...names].map((name) => [name, [rightOf(name), ...(BESIDES[name] ?? [])]]));
}

/** As the SDK's own model has it. */
function rightOf(operation: string): Right {
  const [, , , { http }] = Reflect.get(sdk, `${operation}$`);
  const [method, path] = http;
  return {
    action: `apigateway:${method}`,
    resource: arnOf(
      path
        .replace('{clientCertificateId}', CERTIFICATE_ID)
        .replace('{resourceArn}', encodeURIComponent(CERTIFICATE_ARN)),
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

const isRead = (name: string) => name.startsWith('Get');

test('the operations are found in the source', async () => {
  expect([...(await operations()).keys()].toSorted()).toEqual([
    'DeleteClientCertificate',
    'GenerateClientCertificate',
    'GetClientCertificate',
    'GetClientCertificates',
    'TagResource',
    'UntagResource',
    'UpdateClientCertificate',
  ]);
});

test.for(Object.entries(policies))(
  'the policy to %s is of the grammar of IAM',
  async ([name, statements]) => {
    expect(Object.keys(JSON.parse(await read(`examples/iam/${name}.json`)))).toEqual([
      'Version',
      'Statement',
    ]);
    for (const statement of statements) {
      expect(Object.keys(statement)).toEqual(['Sid', 'Effect', 'Action', 'Resource']);
      expect(statement).toMatchObject({ Sid: expect.stringMatching(/^[A-Za-z0-9]+$/), Effect: 'Allow' });
      for (const action of listOf(statement.Action))
        expect(action).toMatch(/^apigateway:(GET|POST|PUT|PATCH|DELETE)$/);
      for (const resource of listOf(statement.Resource))
        expect(resource).toMatch(/^arn:aws:apigateway:\*::\/[a-z]+(\/\*)?$/);
    }
  },
);

test.for(Object.entries(policies))(
  'the policy to %s allows what its operations take, and nothing else',
  async ([name, statements]) => {
    const grants = grantsOf(statements);
    const needed = [...(await operations())].filter(([operation]) => isRead(operation) === (name === 'read'));
    const rights = needed.flatMap(([, needs]) => needs);
    expect(rights.length).toBeGreaterThan(1);
    expect(rights.filter((right) => !grants.some((grant) => covers(grant, right)))).toEqual([]);
    expect(grants.filter((grant) => !rights.some((right) => covers(grant, right)))).toEqual([]);
  },
);

test('neither policy reaches the APIs of the account', () => {
  const grants = grantsOf([...policies.read, ...policies.write]);
  for (const action of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    for (const path of ['/restapis', '/restapis/a1', '/restapis/a1/stages/prod', '/apikeys', '/account'])
      expect(
        grants.filter((grant) => covers(grant, { action: `apigateway:${action}`, resource: arnOf(path) })),
      ).toEqual([]);
});
