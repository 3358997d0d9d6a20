import fc from 'fast-check';
import {
  type FragmentDefinitionNode,
  getIntrospectionQuery,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { expect, test } from 'vitest';
import { type OperationSize, sizeOf } from '../../src/graphql/plugins/operation-size.ts';
import { createSchema } from '../../src/graphql/schema/index.ts';

const schema = createSchema();

/** Variables as graphql-js passes them on: with their defaults. */
function size(document: string, variables: Record<string, unknown> = {}): OperationSize {
  const { definitions } = parse(document);
  const [operation] = definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new Error('The document has no operation.');
  const fragments = definitions.filter(
    (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  return sizeOf(schema, operation, fragments, variables);
}

const cost = (document: string, variables?: Record<string, unknown>) => size(document, variables).cost;

const certificates = (args: string) => `clientCertificates${args} { nodes { id } }`;

test.for<[document: string, cost: number, variables?: Record<string, unknown>]>([
  ['{ __typename }', 0],
  ['{ clientCertificate(id: "a") { id } }', 2],
  ['{ clientCertificate(id: "a") { id tags { key value } } }', 103],
  ['{ clientCertificate(id: "a") { a: tags { key } b: tags { __typename } } }', 103],
  ['{ a: __typename b: __typename __typename }', 2],
  ['query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }', 8, { ids: Array(7).fill('a') }],
  [
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ...F } } fragment F on Node { __typename }',
    8,
    { ids: Array(7).fill('a') },
  ],
  [
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... { __typename @skip(if: true) } } }',
    8,
    { ids: Array(7).fill('a') },
  ],
  [
    'query ($ids: [ID!]!) { a: nodes(ids: $ids) { __typename } b: nodes(ids: $ids) { __typename } }',
    16,
    { ids: Array(7).fill('a') },
  ],
  [
    'query ($ids: [ID!]!) { nodes(ids: $ids) { a: __typename b: __typename } }',
    15,
    { ids: Array(7).fill('a') },
  ],
  ['query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }', 8, { r: Array(7).fill({}) }],
  ['{ clientCertificates(first: 10) { edges { __typename } nodes { __typename } } }', 41],
  ['{ clientCertificates(first: 10) { __typename } }', 1],
  [`{ ${certificates('')} }`, 51],
  [`{ ${certificates('(first: 10)')} }`, 21],
  [`{ ${certificates('(last: 10)')} }`, 21],
  [`{ ${certificates('(first: null, last: 10)')} }`, 21],
  [`{ ${certificates('(first: null)')} }`, 51],
  [`{ ${certificates('(before: "x")')} }`, 51],
  [`{ ${certificates('(first: 500)')} }`, 1001],
  [`{ ${certificates('(first: 2000000000)')} }`, 1001],
  [`{ ${certificates('(first: 0)')} }`, 3],
  [`{ ${certificates('(first: -5)')} }`, 3],
  [`query ($n: Int) { ${certificates('(first: $n)')} }`, 21, { n: 10 }],
  [`query ($n: Int) { ${certificates('(last: $n)')} }`, 21, { n: 10 }],
  [`query ($n: Int) { ${certificates('(first: $n)')} }`, 51, { n: null }],
  [`query ($n: Int) { ${certificates('(first: $n)')} }`, 51],
  ['{ nodes(ids: ["a", "b", "c"]) { id } }', 4],
  ['query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }', 8, { ids: Array(7).fill('a') }],
  ['query ($id: ID!) { nodes(ids: [$id, $id]) { id } }', 3, { id: 'a' }],
  ['{ nodes(ids: []) { id } }', 1],
  ['{ nodes(ids: "a") { id } }', 2],
  ['{ node(id: "a") { ... on ClientCertificate { x509 { subject } } } }', 3],
  ['{ ... { ... on Query { clientCertificate(id: "a") { ... { id } } } } }', 2],
  ['{ ...A ...A } fragment A on Query { clientCertificate(id: "a") { ...B } } fragment B on Node { id }', 4],
  ['mutation { deleteClientCertificate(input: { id: "a" }) { ... on Error { code } } }', 2],
  [
    'mutation { deleteClientCertificate(input: { id: "a" }) { ... on InvalidInputError { issues { path message } } } }',
    608,
  ],
  ['{ __schema { types { fields { name } } } __type(name: "Query") { name } }', 0],
  ['{ a: __schema { types { b: name c: description } } }', 30_000],
])('%s costs %i', ([document, expected, variables]) => {
  expect(cost(document, variables)).toBe(expected);
});

test('depth is that of the deepest field, and fragments add nothing to it', () => {
  expect(size('{ __typename }').depth).toBe(0);
  expect(size('{ clientCertificate(id: "a") { id tags { key } } }').depth).toBe(3);
  expect(
    size('{ ...A } fragment A on Query { clientCertificate(id: "a") { ... { ... { id } } } }').depth,
  ).toBe(2);
  expect(size(getIntrospectionQuery()).depth).toBe(0);
});

test('aliases and directives count everywhere, and in fragments once per spread', () => {
  const { aliases, directives } = size(`query @a {
    ...F @b ...F a: __typename @c
    ... @d { b: __schema { c: types @e { d: name } } }
    g: clientCertificate(id: "a") { e: id h: __typename }
  } fragment F on Query { f: __typename @g }`);
  expect({ aliases, directives }).toEqual({ aliases: 9, directives: 7 });
});

test('a fragment with 1000 spreads counts 1000 times, and is measured once', () => {
  const document = `{ ${'...F '.repeat(1000)} } fragment F on Query { ${certificates('(first: 500)')} }`;
  expect(cost(document)).toBe(1000 * 1001);
});

test('fragments that double the size 150 times are measured', () => {
  const doubling = Array.from(
    { length: 150 },
    (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`,
  );
  const document = `{ ...F0 } ${doubling.join(' ')} fragment F150 on Query { clientCertificate(id: "a") { id } }`;
  expect(cost(document)).toBe(2 ** 151);
});

test('an operation as deep as 2000 tokens allow is measured', () => {
  expect(size(`{ ${'... { '.repeat(990)} a: __typename ${'} '.repeat(990)} }`)).toEqual({
    depth: 0,
    aliases: 1,
    directives: 0,
    cost: 1,
    changes: 0,
  });
});

/** Selections of the types of the schema, some of them invalid; `F` and `G` are fragments on Query and on certificates. */
const { certificate, query } = fc.letrec<{ certificate: string[]; query: string[] }>((tie) => ({
  certificate: fc.array(
    fc.oneof(
      fc.constantFrom(
        'id',
        'a: description',
        '__typename',
        'tags { key }',
        'x509 { subject @skip(if: true) }',
        '...G',
      ),
      tie('certificate').map((inner) => `... on ClientCertificate { ${inner.join(' ')} id }`),
    ),
    { minLength: 1, maxLength: 4, depthIdentifier: 'size' },
  ),
  query: fc.array(
    fc.oneof(
      { depthIdentifier: 'size' },
      fc.constantFrom('__typename', '...F', '__schema { types { b: name } }', 'unknown { id }'),
      fc
        .tuple(fc.option(fc.integer({ min: -1, max: 600 })), tie('certificate'))
        .map(
          ([first, inner]) =>
            `clientCertificates(first: ${first}) { nodes { ${inner.join(' ')} } totalCount }`,
        ),
      fc
        .tuple(fc.array(fc.string()), tie('certificate'))
        .map(([ids, inner]) => `nodes(ids: ${JSON.stringify(ids)}) { ${inner.join(' ')} }`),
      tie('query').map((inner) => `... @include(if: true) { ${inner.join(' ')} }`),
    ),
    { minLength: 1, maxLength: 5, depthIdentifier: 'size' },
  ),
}));

const whole = (selections: string[], ofF: string[], ofG: string[]) =>
  `{ ${selections.join(' ')} } fragment F on Query { ${ofF.join(' ')} } fragment G on ClientCertificate { ${ofG.join(' ')} }`;

test('any operation has a size, which never shrinks when something is added', () => {
  const spreads = (selections: string[]) => selections.some((text) => /\.\.\.[FG]/.test(text));
  const leaf = <T extends string[]>(selections: fc.Arbitrary<T>) => selections.filter((all) => !spreads(all));
  fc.assert(
    fc.property(query, query, leaf(query), leaf(certificate), (selections, added, ofF, ofG) => {
      const before = size(whole(selections, ofF, ofG));
      const after = size(whole([...selections, ...added], ofF, ofG));
      const inFragment = size(whole(selections, [...ofF, ...added.filter((text) => !spreads([text]))], ofG));
      for (const name of ['depth', 'aliases', 'directives', 'cost'] as const) {
        expect(before[name]).toBeGreaterThanOrEqual(0);
        expect(after[name]).toBeGreaterThanOrEqual(before[name]);
        expect(inFragment[name]).toBeGreaterThanOrEqual(before[name]);
      }
    }),
  );
});
