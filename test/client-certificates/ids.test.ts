import fc from 'fast-check';
import { type FieldNode, type OperationDefinitionNode, parse, type StringValueNode } from 'graphql';
import { expect, test } from 'vitest';
import { decodeGlobalId, encodeGlobalId } from '../../src/relay/global-id.ts';
import { arnOf, expectedId, parseClientCertificateId } from '../../src/resources/client-certificates/id.ts';
import { heapUsed } from '../support/heap.ts';
import { runs } from '../support/runs.ts';
import { examples, startService } from '../support/service.ts';

const id = fc.stringMatching(/^[a-z0-9]{1,64}$/);
const region = fc.constantFrom(
  'us-east-1',
  'eu-central-2',
  'ap-southeast-7',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-west-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'us-isof-south-1',
  'eu-isoe-west-1',
  'eusc-de-east-1',
);

test.for([
  ['us-east-1', 'aws'],
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-east-1', 'aws-us-gov'],
  ['us-iso-west-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['us-isof-east-1', 'aws-iso-f'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['eusc-de-east-1', 'aws-eusc'],
] as const)('the region %s is in the partition %s', ([region, partition]) => {
  expect(arnOf(region, 'a1b2c3')).toBe(`arn:${partition}:apigateway:${region}::/clientcertificates/a1b2c3`);
  expect(expectedId(region, '?')).toContain(arnOf(region, 'a1b2c3'));
});

test('the id, the ARN and the global id are all parsed to the id, in every region', () => {
  fc.assert(
    fc.property(region, id, (region, id) => {
      const arn = arnOf(region, id);
      expect(parseClientCertificateId(region, id)).toBe(id);
      expect(parseClientCertificateId(region, arn)).toBe(id);
      expect(parseClientCertificateId(region, encodeGlobalId('ClientCertificate', arn))).toBe(id);
    }),
  );
});

test('an ARN and a global id are valid only in their own region', () => {
  fc.assert(
    fc.property(region, region, id, (region, other, id) => {
      fc.pre(region !== other);
      const arn = arnOf(other, id);
      expect(parseClientCertificateId(region, arn)).toBeUndefined();
      expect(parseClientCertificateId(region, encodeGlobalId('ClientCertificate', arn))).toBeUndefined();
    }),
  );
});

test('any text is either refused or parsed to a valid id', () => {
  const pieces = fc.array(
    fc.constantFrom('arn:aws:apigateway:us-east-1::', '/clientcertificates/', 'a1', ':', '/'),
  );
  const textual = fc.oneof(
    fc.string({ unit: 'binary' }),
    pieces.map((words) => words.join('')),
  );
  const anyText = fc.oneof(
    textual,
    textual.map((inner) => encodeGlobalId('ClientCertificate', inner)),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      const id = parseClientCertificateId('us-east-1', text);
      if (id === undefined) return;
      const arn = arnOf('us-east-1', id);
      expect(id).toMatch(/^[a-z0-9]{1,64}$/);
      expect([id, arn, encodeGlobalId('ClientCertificate', arn)]).toContain(text);
    }),
    { numRuns: runs(1000) },
  );
});

test('a global id is decoded to its type and id, and no other text is', () => {
  const typename = fc.stringMatching(/^[A-Za-z]{1,30}$/);
  fc.assert(
    fc.property(typename, fc.string({ unit: 'grapheme', minLength: 1 }), (typename, id) => {
      const globalId = encodeGlobalId(typename, id);
      expect(decodeGlobalId(globalId)).toEqual({ typename, id });
      expect(decodeGlobalId(`${globalId} `)).toBeUndefined();
      expect(decodeGlobalId(`${globalId}=`)).toBeUndefined();
      expect(decodeGlobalId(`\n${globalId}`)).toBeUndefined();
    }),
  );
  for (const text of ['', ':', 'Type', 'Type:', ':id', 'a1b2c3'])
    expect(decodeGlobalId(Buffer.from(text).toString('base64'))).toBeUndefined();
});

test('no text as an id or a cursor makes the service fail', async () => {
  const { post } = await startService({ emulator: { examples: examples(2) } });
  const anyJson = fc.json().map((text) => Buffer.from(text).toString('base64url'));
  const cursorLike = fc
    .tuple(
      fc.constantFrom('ClientCertificate', 'Other'),
      fc.oneof(fc.constant(null), fc.string(), fc.constant('aWQ9U2MwMDA=')),
      fc.oneof(fc.integer(), fc.integer({ min: 0, max: 500 })),
      fc.oneof(fc.string({ unit: 'binary' }), fc.constant('c000')),
    )
    .map((place) => Buffer.from(JSON.stringify(place)).toString('base64url'));
  const globalIdLike = fc
    .tuple(fc.constantFrom('ClientCertificate', 'Query', 'Tag', 'Node', '__Type', 'toString'), fc.string())
    .map(([typename, inner]) => encodeGlobalId(typename, inner));
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), anyJson, cursorLike, globalIdLike);
  await fc.assert(
    fc.asyncProperty(text, async (text) => {
      const response = await post({
        query: `query ($id: ID!, $after: String!) {
          node(id: $id) { id }
          nodes(ids: [$id, $id]) { id }
          clientCertificate(id: $id) { id }
          list: clientCertificates(after: $after) { nodes { id } }
        }`,
        variables: { id: text, after: text },
      });
      expect(response.status).toBe(200);
      const { errors = [] } = await response.json();
      for (const { extensions } of errors) expect(extensions.code).toBe('BAD_USER_INPUT');
    }),
    { numRuns: runs(300) },
  );
});

const MIB = 1024 * 1024;

test('an id that is kept keeps no document in memory', () => {
  const idIn = (text: string): string => {
    const [operation] = parse(text).definitions as [OperationDefinitionNode];
    const [field] = operation.selectionSet.selections as [FieldNode];
    const [argument] = field.arguments as unknown as [{ value: StringValueNode }];
    return argument.value.value;
  };
  const before = heapUsed();
  const kept = Array.from({ length: 100 }, (_, i) => {
    const id = `${'a'.repeat(20)}${i}`;
    const given = i % 2 === 0 ? id : arnOf('us-east-1', id);
    return parseClientCertificateId('us-east-1', idIn(`{ a(id: "${given}") } #${'x'.repeat(MIB / 4)}`));
  });
  expect(heapUsed() - before).toBeLessThan(5 * MIB);
  expect(new Set(kept).size).toBe(100);
});
