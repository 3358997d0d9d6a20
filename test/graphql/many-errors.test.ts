import { expect, test } from 'vitest';
import { html502 } from '../../src/emulator/fault.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { examples, globalIdOf, startService } from '../support/service.ts';

const MORE = {
  message: 'There are more errors than these first 100.',
  extensions: { code: 'TOO_MANY_ERRORS' },
};

const FLOODS: [what: string, query: string, values: unknown[]][] = [
  [
    'ids',
    'query ($v: [ID!]!) { nodes(ids: $v) { id } b: nodes(ids: $v) { id } }',
    Array.from({ length: 1000 }, (_, i) => `x${i}`),
  ],
  [
    'ids of another region',
    'query ($v: [ID!]!) { nodes(ids: $v) { id } }',
    Array.from({ length: 1000 }, (_, i) =>
      Buffer.from(`ClientCertificate:arn:aws:apigateway:eu-west-1::/clientcertificates/c${i}`).toString(
        'base64',
      ),
    ),
  ],
  [
    'types of representations',
    'query ($v: [_Any!]!) { _entities(representations: $v) { __typename } }',
    Array.from({ length: 1000 }, (_, i) => ({ __typename: `X${i}` })),
  ],
  [
    'keys of representations',
    'query ($v: [_Any!]!) { _entities(representations: $v) { __typename } }',
    Array.from({ length: 1000 }, (_, i) => ({ __typename: 'ClientCertificate', id: `x${i}` })),
  ],
];

test.for(FLOODS)(
  'of invalid %s the first 100 are reported, and that there are more',
  async ([, document, values]) => {
    const { calls, operations, query } = await startService();
    const { data, errors = [] } = await query(document, { v: values });
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toEqual(MORE);
    for (const [i, error] of errors.slice(0, 100).entries()) {
      expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
      expect(error.path?.[1]).toBe(i);
    }
    for (const list of Object.values<unknown[]>(data)) expect(list).toEqual(values.map(() => null));
    expect(operations.at(-1)).toMatchObject({ errors: ['BAD_USER_INPUT', 'TOO_MANY_ERRORS'] });
    expect(calls).toEqual([]);
  },
);

test('a hundred errors are all reported', async () => {
  const { query } = await startService();
  const ids = Array.from({ length: 100 }, (_, i) => `x${i}`);
  const { errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(errors?.map(({ path }) => path?.[1])).toEqual(ids.map((_, i) => i));
});

test('valid ids among invalid ones are answered', async () => {
  const { query } = await startService({ emulator: { examples: examples(1) } });
  const ids = [...Array(500).fill('x'), globalIdOf('c000')];
  const { data, errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(data.nodes).toEqual([...Array(500).fill(null), { id: globalIdOf('c000') }]);
  expect(errors).toHaveLength(101);
});

test('a client without the scope read gets a hundred errors', async () => {
  const { query } = await startService({
    env: { AUTH: 'api-key', API_KEYS: apiKeyEntry('writer', 'key', 'client-certificates:write') },
    headers: { 'x-api-key': 'key' },
  });
  const ids = Array(1000).fill(globalIdOf('c000'));
  const { errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(errors).toHaveLength(101);
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
});

test('an AWS failure of a thousand lookups is reported a hundred times', async () => {
  const { fail, query } = await startService();
  fail(() => html502);
  const ids = Array.from({ length: 1000 }, (_, i) => globalIdOf(`c${i}`));
  const { errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(errors).toHaveLength(101);
  expect(errors?.at(-1)).toEqual(MORE);
});

test.for<[what: string, document: string, value: unknown]>([
  [
    'enum values',
    'query ($v: [ClientCertificateStatus!]) { clientCertificates(filter: { status: $v }) { totalCount } }',
    Array(20_000).fill('X'),
  ],
  ['ids', 'query ($v: [ID!]!) { nodes(ids: $v) { id } }', Array(50_000).fill({})],
  [
    'fields',
    'query ($v: ClientCertificateFilter) { clientCertificates(filter: $v) { totalCount } }',
    Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`a${i}`, 1])),
  ],
])('of the %s of a variable, 50 errors are reported', async ([, document, v]) => {
  const { calls, post } = await startService();
  const response = await post({ query: document, variables: { v } });
  expect(response.status).toBe(400);
  const { errors } = await response.json();
  expect(errors).toHaveLength(51);
  expect(errors.at(-1)).toMatchObject({
    message: 'Too many errors processing variables, error limit reached. Execution aborted.',
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(calls).toEqual([]);
});
