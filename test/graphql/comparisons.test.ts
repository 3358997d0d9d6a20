import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { bodiesOf, pageBody } from '../../bench/queries.ts';
import { comparisonsIn } from '../../src/graphql/plugins/comparisons.ts';
import { startService } from '../support/service.ts';

const times = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

const count = (document: string) => comparisonsIn(parse(document), 1_000_000);

test.for<[document: string, count: number]>([
  ['{ __typename }', 1],
  ['{ a b c }', 3],
  ['{ a a a b }', 10],
  ['{ a b: a }', 2],
  ['{ a { b c } }', 3],
  ['{ a { b } a { b c } }', 9],
  ['{ a { b } x: a { b c } }', 5],
  ['{ a ... { a ... { a } } }', 9],
  ['{ a ...F ...F } fragment F on Query { a }', 4.5],
  ['{ a { ...F } b { ...F } } fragment F on Query { c { d } }', 6.5],
  ['{ a } query { a } fragment F on Query { b b }', 6.5],
  ['{ ...F } fragment F on Query { a ...G } fragment G on Query { a ...F }', 6],
  ['{ ...F } fragment F on Query { a { ...F } }', 1.5],
  ['{ ...F }', 0],
])('%s has %d comparisons', ([document, expected]) => {
  expect(count(document)).toBe(expected);
});

test('the count stops soon after the bound, however fragments multiply', () => {
  const doubling = times(200, (i) => `fragment F${i} on Query { a { ...F${i + 1} } b { ...F${i + 1} } }`);
  const counted = comparisonsIn(parse(`{ ...F0 } ${doubling}`), 30_000);
  expect(counted).toBeGreaterThan(30_000);
  expect(counted).toBeLessThan(60_000);
});

test.for<[what: string, document: string]>([
  ['one field', `{ ${times(200, () => 'clientCertificate(id: "a") { id }')} }`],
  ['one field with an argument', `{ clientCertificate(id: "a") { ${times(320, () => 'tag(key: "a")')} } }`],
  ['nested fields', `{ ${times(150, () => 'clientCertificates { nodes { id tags { key } } }')} }`],
  ['inline fragments', `{ ${times(200, () => '... { clientCertificates { ... { totalCount } } }')} }`],
  ['directives', `{ ${times(150, () => '__typename @skip(if: true)')} }`],
  [
    'fragments',
    `{ ${times(205, (i) => `...F${i}`)} } ${times(205, (i) => `fragment F${i} on Query{__typename}`)}`,
  ],
])('a document with too many equal selections is refused: %s', async ([, query]) => {
  const { calls, post } = await startService({ env: { MAX_TOKENS: '4000' } });
  const response = await post({ query });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    errors: [
      {
        message: 'The operation is too large: expected fewer fields that could be the same.',
        extensions: { code: 'OPERATION_TOO_LARGE' },
      },
    ],
  });
  expect(calls).toEqual([]);
});

const FIELDS =
  'id clientCertificateId arn description createdDate expirationDate status daysUntilExpiration tags { key value }';

test.for<[what: string, document: string]>([
  ['100 lookups', `{ ${times(100, (i) => `a${i}: clientCertificate(id: "a${i}") { id status }`)} }`],
  [
    '100 lookups with a fragment',
    `{ ${times(100, (i) => `a${i}: clientCertificate(id: "a${i}") { ...F }`)} } fragment F on ClientCertificate { ${FIELDS} }`,
  ],
  [
    'fragments of 60 components',
    `{ clientCertificates { nodes { ${times(60, (i) => `...F${i}`)} } } } ${times(60, (i) => `fragment F${i} on ClientCertificate { id description tags { key value } }`)}`,
  ],
])('ordinary operations are far from the bound: %s', async ([, document]) => {
  expect(count(document)).toBeLessThan(20_000);
});

test('the queries of the benchmark have few comparisons', () => {
  const ids = Array.from({ length: 60 }, (_, i) => `c${i}`);
  for (const body of [pageBody({ first: 500 }), ...bodiesOf('C', ids)])
    expect(count(JSON.parse(body).query)).toBeLessThan(1000);
});
