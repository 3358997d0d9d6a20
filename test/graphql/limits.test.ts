import { expect, test } from 'vitest';
import { startService, withoutRequestIds } from '../support/service.ts';

const times = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

const page = (first: number) => `{ clientCertificates(first: ${first}) { nodes { id description } } }`;

/** A document of 16 tokens and one per status. */
const statuses = (count: number) =>
  `{ clientCertificates(filter: { status: [${times(count, () => 'VALID')}] }) { totalCount } }`;

type Limit = {
  what: string;
  env: Record<string, string>;
  fits: string;
  tooLarge: string;
  most: number;
  got: number | string;
};

const LIMITS: Limit[] = [
  {
    what: 'tokens',
    env: {},
    fits: statuses(1984),
    tooLarge: statuses(1985),
    most: 2000,
    got: 'more',
  },
  {
    what: 'tokens',
    env: { MAX_TOKENS: '10' },
    fits: `{ ${times(8, () => '__typename')} }`,
    tooLarge: `{ ${times(9, () => '__typename')} }`,
    most: 10,
    got: 'more',
  },
  {
    what: 'depth',
    env: { MAX_DEPTH: '3' },
    fits: '{ clientCertificates { nodes { id } } }',
    tooLarge: '{ clientCertificates { edges { node { id } } } }',
    most: 3,
    got: 4,
  },
  {
    what: 'aliases',
    env: {},
    fits: `{ ${times(100, (i) => `a${i}: __typename`)} }`,
    tooLarge: `{ ${times(101, (i) => `a${i}: __typename`)} }`,
    most: 100,
    got: 101,
  },
  {
    what: 'aliases',
    env: { MAX_ALIASES: '0' },
    fits: '{ __typename }',
    tooLarge: '{ a: __typename }',
    most: 0,
    got: 1,
  },
  {
    what: 'directives',
    env: {},
    fits: `{ ${times(50, () => '__typename @skip(if: false)')} }`,
    tooLarge: `{ ${times(51, () => '__typename @include(if: true)')} }`,
    most: 50,
    got: 51,
  },
  {
    what: 'directives',
    env: { MAX_DIRECTIVES: '2' },
    fits: '{ ... @skip(if: false) { __typename @skip(if: false) } }',
    tooLarge: '{ ...F @skip(if: false) ...F } fragment F on Query { __typename @skip(if: false) }',
    most: 2,
    got: 3,
  },
  {
    what: 'cost',
    env: { MAX_COST: '31' },
    fits: page(10),
    tooLarge: page(11),
    most: 31,
    got: 34,
  },
  {
    what: 'cost',
    env: {},
    fits: `{ ${times(49, (i) => `a${i}: ${page(500).slice(2, -2)}`)} }`,
    tooLarge: `{ ${times(50, (i) => `a${i}: ${page(500).slice(2, -2)}`)} }`,
    most: 75_000,
    got: 75_050,
  },
];

const named = LIMITS.map((limit) => ({ ...limit, setting: JSON.stringify(limit.env) }));

test.each(named)('$what: an operation with $most is answered, with $setting', async ({ env, fits }) => {
  const { query } = await startService({ env });
  expect((await query(fits)).errors).toBe(undefined);
});

test.each(named)(
  '$what: an operation with more than $most is refused without an AWS call, with $setting',
  async ({ env, what, tooLarge, most, got }) => {
    const { calls, operations, post } = await startService({ env });
    for (const accept of ['application/json', 'application/graphql-response+json', '*/*']) {
      const response = await post({ query: tooLarge }, { accept });
      expect(response.status).toBe(400);
      expect(withoutRequestIds(await response.json())).toEqual({
        errors: [
          {
            message: `The operation is too large: expected ${what} up to ${most}, got ${got}.`,
            extensions: { code: 'OPERATION_TOO_LARGE' },
          },
        ],
      });
    }
    expect(calls).toEqual([]);
    expect(operations.at(-1)).toMatchObject({ errors: ['OPERATION_TOO_LARGE'], awsCalls: 0 });
  },
);

test('the error names every exceeded limit', async () => {
  const { query } = await startService({ env: { MAX_DEPTH: '2', MAX_COST: '10', MAX_ALIASES: '0' } });
  const { errors } = await query('{ a: clientCertificates { nodes { id } } }');
  expect(errors?.map(({ message }) => /expected (\w+)/.exec(message)?.[1])).toEqual([
    'depth',
    'aliases',
    'cost',
  ]);
});

test('a mutation that is too large changes nothing', async () => {
  const { calls, query } = await startService({ env: { MAX_ALIASES: '1' } });
  const generate = 'generateClientCertificate(input: {}) { __typename }';
  const { errors } = await query(`mutation { a: ${generate} b: ${generate} }`);
  expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_LARGE' } }]);
  expect(calls).toEqual([]);
});

test('only the selected operation is measured', async () => {
  const { post } = await startService({ env: { MAX_ALIASES: '0' } });
  const query = 'query Small { __typename } query Large { a: __typename }';
  expect((await post({ query, operationName: 'Small' })).status).toBe(200);
  expect((await post({ query, operationName: 'Large' })).status).toBe(400);
});

test('the page size in a variable counts, also if a document is repeated with other values', async () => {
  const { post } = await startService({ env: { MAX_COST: '31' } });
  const query = 'query ($n: Int = 11) { clientCertificates(first: $n) { nodes { id description } } }';
  const statuses = [];
  for (const variables of [{ n: 10 }, { n: 11 }, { n: 1 }, {}])
    statuses.push((await post({ query, variables })).status);
  expect(statuses).toEqual([200, 400, 200, 400]);
});

test('an invalid argument is still reported as invalid', async () => {
  const { calls, query } = await startService();
  for (const [document, variables] of [
    ['query ($ids: [ID!] = ["x"]) { nodes(ids: $ids) { id } }', { ids: null }],
    ['query ($n: Int) { clientCertificates(first: $n) { nodes { id } } }', { n: 'many' }],
    ['{ clientCertificates(first: -1) { nodes { id } } }', {}],
    ['{ clientCertificates(first: 501) { nodes { id } } }', {}],
  ] as const)
    expect(await query(document, variables)).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  expect(calls).toEqual([]);
});

test('a document whose validation is aborted is refused as too large', async () => {
  const { calls, post } = await startService();
  const response = await post({ query: `{ ${times(1990, () => '__typename')} }` });
  expect(response.status).toBe(400);
  expect(withoutRequestIds(await response.json())).toEqual({
    errors: [
      {
        message: 'The operation is too large: expected fewer fields that could be the same.',
        extensions: { code: 'OPERATION_TOO_LARGE' },
      },
    ],
  });
  expect(calls).toEqual([]);
});
