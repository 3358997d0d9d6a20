import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/settings/config.ts';
import { read } from './support.ts';

const json = async (path: string) => JSON.parse(await read(path));

const { Parameters, Conditions, Resources } = parse(await read('examples/accounts/member-role.yaml'));
const trust = await json('examples/accounts/trust.json');
const page = await read('docs/accounts-and-regions.md');

/** The value of each reference to a parameter, in place of the reference. */
function resolved(value: unknown, parameters: Record<string, string>): unknown {
  return JSON.parse(JSON.stringify(value), (_, part) =>
    typeof part?.Ref === 'string' ? (parameters[part.Ref] ?? part) : part,
  );
}

const blocks = (language: string) =>
  Array.from(page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs')), ([, text = '']) => text);

test.for([
  ['Read', 'read', undefined],
  ['ReadStages', 'read-stages', 'ReadsStages'],
  ['Write', 'write', 'Writes'],
  ['Replace', 'replace', 'Replaces'],
  ['Test', 'test', 'Tests'],
] as const)('the resource %s of the template is the policy to %s', async ([name, file, condition]) => {
  const { Type, Condition, Properties } = Resources[name];
  expect(Type).toBe('AWS::IAM::RolePolicy');
  expect(Condition).toBe(condition);
  expect(Properties).toEqual({
    RoleName: { Ref: 'Role' },
    PolicyName: file,
    PolicyDocument: await json(`examples/iam/${file}.json`),
  });
});

test('every resource of the template is one of these policies, or the role', () => {
  expect(Object.keys(Resources)).toEqual(['Role', 'Read', 'ReadStages', 'Write', 'Replace', 'Test']);
});

test('by default, the role may read and nothing else', () => {
  const on = Object.entries<{ 'Fn::Equals': [{ Ref: string }, string] }>(Conditions)
    .filter(
      ([
        ,
        {
          'Fn::Equals': [parameter, value],
        },
      ]) => Parameters[parameter.Ref].Default === value,
    )
    .map(([name]) => name);
  expect(on).toEqual(['ReadsStages']);
});

test('the role of the template trusts as examples/accounts/trust.json does', () => {
  const [{ Principal, Condition }] = trust.Statement;
  const parameters = {
    ServicePrincipalArn: Principal.AWS,
    ExternalId: Condition.StringEquals['sts:ExternalId'],
  };
  expect(resolved(Resources.Role.Properties.AssumeRolePolicyDocument, parameters)).toEqual(trust);
  for (const [name, value] of Object.entries(parameters))
    expect(value).toMatch(new RegExp(Parameters[name].AllowedPattern));
});

test('the service may assume the roles that the template makes', async () => {
  const { Statement } = await json('examples/accounts/assume-roles.json');
  expect(Statement).toEqual([
    {
      Sid: expect.any(String),
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Resource: `arn:aws:iam::*:role/${Parameters.RoleName.Default}`,
    },
  ]);
});

test('the stack set for Terraform sets parameters of the template, and all that have no default', async () => {
  const source = await read('examples/accounts/stack-set.tf');
  const [, body = ''] = /\bparameters = \{(.*?)\}/s.exec(source) ?? [];
  const names = Array.from(body.matchAll(/^ +(\w+) +=/gm), ([, name = '']) => name);
  expect(Object.keys(Parameters)).toEqual(expect.arrayContaining(names));
  const required = Object.keys(Parameters).filter((name) => Parameters[name].Default === undefined);
  expect(names).toEqual(expect.arrayContaining(required));
  for (const [, path] of source.matchAll(/\$\{path\.module\}\/([^"]+)/g))
    expect(await read(`examples/accounts/${path}`)).toContain('AWSTemplateFormatVersion');
});

test('the policies in docs/accounts-and-regions.md are those of examples/accounts', async () => {
  expect(blocks('json').map((text) => JSON.parse(text))).toEqual([
    trust,
    await json('examples/accounts/assume-roles.json'),
  ]);
});

test('the settings in docs/accounts-and-regions.md are valid', () => {
  const lines = blocks('sh')
    .join('')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => /\b(ACCOUNTS|AWS_REGIONS)=/.test(line));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    const env = Array.from(line.matchAll(/([A-Z_]+)=(?:'([^']*)'|(\S+))/g), ([, name, quoted, plain]) => [
      name,
      quoted ?? plain,
    ]);
    expect(() => parseConfig(Object.fromEntries(env))).not.toThrow();
  }
});
