import { expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { examples, globalIdOf, startService } from '../support/service.ts';

const IDS: [what: string, id: string][] = [
  ['an empty id', ''],
  ['a blank id', ' '],
  ['an id with a blank behind it', 'c000 '],
  ['an id with a new line behind it', 'c000\n'],
  ['an id in upper case', 'C000'],
  ['an id with a slash', 'c000/../c001'],
  ['an id with a percent sign', 'c000%2F'],
  ['an id with a null character', 'c000\0'],
  ['a unicode id', 'çértificate-💳'],
  ['an id of digits that are not ASCII', '١٢٣'],
  ['half a surrogate pair', '\ud83d'],
  ['an id of 65 characters', 'a'.repeat(65)],
  ['an id of 10 kB', 'a'.repeat(10_000)],
  ['a global id that was cut off', globalIdOf('c000').slice(0, -1)],
  ['a global id without its padding', globalIdOf('c0000').replace(/=+$/, '')],
  [
    'a global id of another type',
    encodeGlobalId('Tag', 'arn:aws:apigateway:us-east-1::/clientcertificates/c000'),
  ],
  ['a global id without an ARN', encodeGlobalId('ClientCertificate', 'c000')],
  ['an ARN of another partition', 'arn:aws-cn:apigateway:us-east-1::/clientcertificates/c000'],
  ['an ARN with an account', 'arn:aws:apigateway:us-east-1:123456789012:/clientcertificates/c000'],
  ['an ARN of something else', 'arn:aws:apigateway:us-east-1::/restapis/c000'],
  ['an ARN without an id', 'arn:aws:apigateway:us-east-1::/clientcertificates/'],
  ['an ARN with more behind it', 'arn:aws:apigateway:us-east-1::/clientcertificates/c000/x'],
];

const FOREIGN: [what: string, id: string, region: string][] = [
  ['an ARN', 'arn:aws:apigateway:eu-central-1::/clientcertificates/c000', 'eu-central-1'],
  ['an ARN of another partition', 'arn:aws-cn:apigateway:cn-north-1::/clientcertificates/c000', 'cn-north-1'],
  [
    'a global id',
    encodeGlobalId('ClientCertificate', 'arn:aws:apigateway:eu-west-1::/clientcertificates/c000'),
    'eu-west-1',
  ],
];

test.for(FOREIGN)('the error for %s of another region names that region', async ([, id, region]) => {
  const { calls, query } = await startService({ emulator: { examples: examples(2) } });
  const message = `expected a client certificate of the region us-east-1, got one of another region, ${region}`;
  const { errors } = await query('query ($id: ID!) { clientCertificate(id: $id) { id } }', { id });
  expect(errors).toMatchObject([
    {
      message: `id: ${message}`,
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['id'], message }] },
    },
  ]);
  const { data } = await query(
    'mutation ($id: ID!) { deleteClientCertificate(input: { id: $id }) { ... on InvalidInputError { message } } }',
    { id },
  );
  expect(data).toEqual({ deleteClientCertificate: { message: `input.id: ${message}` } });
  expect(calls).toEqual([]);
});

const EXPECTED_ID =
  'expected a global id, an ARN such as arn:aws:apigateway:us-east-1::/clientcertificates/a1b2c3, or an id such as a1b2c3, got ';

test.for(IDS)('%s is refused by a query, and the error names it', async ([, id]) => {
  const { calls, query } = await startService({ emulator: { examples: examples(2) } });
  const { data, errors } = await query('query ($id: ID!) { clientCertificate(id: $id) { id } }', { id });
  expect(data).toEqual({ clientCertificate: null });
  expect(errors).toMatchObject([
    { path: ['clientCertificate'], extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['id'] }] } },
  ]);
  const { message = '' } = errors?.[0] ?? {};
  expect(message).toContain(`id: ${EXPECTED_ID}"`);
  expect(message.length).toBeLessThan(230); // the error does not repeat the whole id
  expect(calls).toEqual([]);
});

test.for(IDS)('%s is refused by each mutation, and the error names it', async ([, id]) => {
  const { calls, query } = await startService({ emulator: { examples: examples(2) } });
  const { data, errors } = await query(
    `mutation ($id: ID!) {
      a: updateClientCertificate(input: { id: $id, description: "x" }) { ...complaint }
      b: deleteClientCertificate(input: { id: $id }) { ...complaint }
      c: tagClientCertificate(input: { id: $id, tags: [{ key: "k", value: "v" }] }) { ...complaint }
      d: untagClientCertificate(input: { id: $id, tagKeys: ["k"] }) { ...complaint }
    }
    fragment complaint on InvalidInputError { code issues { path message } }`,
    { id },
  );
  expect(errors).toBeUndefined();
  const complaint = {
    code: 'BAD_USER_INPUT',
    issues: [{ path: ['input', 'id'], message: expect.stringContaining(EXPECTED_ID) }],
  };
  expect(data).toEqual({ a: complaint, b: complaint, c: complaint, d: complaint });
  expect(calls).toEqual([]);
});

test.each([
  ['ClientCertificate', 'client certificate', 'clientcertificates/c000'],
  ['ApiStage', 'stage', 'restapis/r000/stages/prod'],
])(
  'the error for a global id of a %s in an account says that the settings name none',
  async (type, noun, path) => {
    const { calls, query } = await startService({ emulator: { examples: examples(2) } });
    const id = encodeGlobalId(type, `111111111111:arn:aws:apigateway:us-east-1::/${path}`);
    const { errors } = await query('query ($id: ID!) { node(id: $id) { id } }', { id });
    expect(errors).toMatchObject([
      {
        message: `id: expected a ${noun} without an account, since the settings name none, got one of the account 111111111111`,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(calls).toEqual([]);
  },
);
