import { GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { examples, startService } from '../support/service.ts';

/** The service with certificates, and a check that an operation had no effect but an error. */
async function start() {
  const { client, ...service } = await startService({ emulator: { examples: examples(2) } });
  const stored = () => client.send(new GetClientCertificatesCommand({})).then(({ items }) => items);
  const before = await stored();
  service.calls.length = 0;
  return {
    ...service,
    expectNothingDone: async () => {
      expect(service.calls).toEqual([]);
      expect(await stored()).toEqual(before);
    },
  };
}

test.for(['-1', '501', '2147483647', '-2147483648'])('first: %s is out of range', async (first) => {
  const { expectNothingDone, query } = await start();
  const { errors } = await query(`{ clientCertificates(first: ${first}) { nodes { id } } }`);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['first'] }] } }]);
  expect(errors?.[0]?.message).toBe(`first: expected 0 to 500, got ${first}`);
  await expectNothingDone();
});

test.for(['2147483648', '-2147483649', '1e3', '2.5', '"5"', 'true', '[]', '{}'])(
  'first: %s is not an Int, as a literal and as a variable',
  async (first) => {
    const { expectNothingDone, post } = await start();
    const literal = await post({ query: `{ clientCertificates(first: ${first}) { nodes { id } } }` });
    expect(literal.status).toBe(200);
    const { errors } = await literal.json();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors[0].message).toMatch(/^first: Int cannot represent /);
    if (first !== '1e3') {
      const variable = await post({
        query: 'query ($first: Int) { clientCertificates(first: $first) { nodes { id } } }',
        variables: { first: JSON.parse(first) },
      });
      expect(variable.status).toBe(400);
      const { errors } = await variable.json();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(errors[0].message).toMatch(/^Variable "\$first" got invalid value /);
    }
    await expectNothingDone();
  },
);

test.for([
  ['{ clientCertificate { id } }', 'Field "clientCertificate" argument "id" of type "ID!" is required'],
  ['{ clientCertificate(id: null) { id } }', 'id: Expected value of type "ID!", found null'],
  ['{ clientCertificate(id: true) { id } }', 'id: ID cannot represent'],
  ['{ nodes(ids: ["a", null]) { id } }', 'ids: Expected value of type "ID!", found null'],
  ['{ clientCertificates(after: 5) { nodes { id } } }', 'after: String cannot represent'],
  ['{ clientCertificates(middle: 5) { nodes { id } } }', 'Unknown argument "middle"'],
  ['mutation { generateClientCertificate { __typename } }', 'argument "input" of type'],
  [
    'mutation { generateClientCertificate(input: { name: "x" }) { __typename } }',
    'input: Field "name" is not defined',
  ],
  [
    'mutation { generateClientCertificate(input: { tags: [null] }) { __typename } }',
    'input: Expected value of type "TagInput!"',
  ],
  [
    'mutation { generateClientCertificate(input: { tags: [{ key: "k" }] }) { __typename } }',
    'input: Field "TagInput.value" of required type',
  ],
  [
    'mutation { updateClientCertificate(input: { id: "c000" }) { __typename } }',
    'input: Field "UpdateClientCertificateInput.description"',
  ],
  [
    'mutation { updateClientCertificate(input: { id: "c000", description: null }) { __typename } }',
    'input: Expected value of type "String!"',
  ],
] as const)('the error names %s', async ([operation, complaint]) => {
  const { expectNothingDone, query } = await start();
  const { data, errors } = await query(operation);
  expect(data).toBeUndefined();
  expect(errors?.[0]?.message).toContain(complaint);
  expect(errors?.[0]?.extensions['code']).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
  await expectNothingDone();
});

test.for<[what: string, tags: { key: string; value: string }[], path: string, message: string]>([
  [
    'a key twice',
    [
      { key: 'k', value: '1' },
      { key: 'k', value: '2' },
    ],
    '1.key',
    'expected no key twice, got "k" again',
  ],
  [
    'an aws: key',
    [{ key: 'aws:k', value: '' }],
    '0.key',
    'expected no key that starts with aws:, got "aws:k"',
  ],
  [
    'a key of 129 characters',
    [{ key: 'k'.repeat(129), value: '' }],
    '0.key',
    'expected 1 to 128 characters, got 129',
  ],
  ['an empty key', [{ key: '', value: '' }], '0.key', 'expected 1 to 128 characters, got 0'],
  [
    'a value of 257 characters',
    [{ key: 'k', value: 'v'.repeat(257) }],
    '0.value',
    'expected 0 to 256 characters, got 257',
  ],
  [
    'a key with a new line',
    [{ key: 'a\nb', value: '' }],
    '0.key',
    'expected letters, digits, spaces and . : + = @ _ / - only, got "a\\nb"',
  ],
  [
    'an emoji as value',
    [{ key: 'k', value: '💳' }],
    '0.value',
    'expected letters, digits, spaces and . : + = @ _ / - only, got "💳"',
  ],
  [
    '51 tags',
    Array.from({ length: 51 }, (_, i) => ({ key: `k${i}`, value: '' })),
    '',
    'expected 1 to 50, got 51',
  ],
])('%s is refused when generating and when tagging', async ([, tags, path, message]) => {
  const { expectNothingDone, query } = await start();
  const { data } = await query(
    `mutation ($tags: [TagInput!]!) {
      a: generateClientCertificate(input: { tags: $tags }) { ... on InvalidInputError { issues { path message } } }
      b: tagClientCertificate(input: { id: "c000", tags: $tags }) { ... on InvalidInputError { issues { path message } } }
    }`,
    { tags },
  );
  const issues = [{ path: ['input', 'tags', ...path.split('.').filter(Boolean)], message }];
  expect(data).toEqual({ a: { issues }, b: { issues } });
  await expectNothingDone();
});

test('tagging without tags and untagging without keys are refused', async () => {
  const { expectNothingDone, query } = await start();
  const { data } = await query(`mutation {
    a: tagClientCertificate(input: { id: "c000", tags: [] }) { ... on InvalidInputError { message } }
    b: untagClientCertificate(input: { id: "c000", tagKeys: [] }) { ... on InvalidInputError { message } }
  }`);
  expect(data).toEqual({
    a: { message: 'input.tags: expected 1 to 50, got 0' },
    b: { message: 'input.tagKeys: expected 1 to 50, got 0' },
  });
  await expectNothingDone();
});

test('a description of 100 kB is refused, and the error does not repeat it', async () => {
  const { expectNothingDone, post } = await start();
  const response = await post({
    query: `mutation ($d: String!) {
      a: generateClientCertificate(input: { description: $d }) { ... on InvalidInputError { message } }
      b: updateClientCertificate(input: { id: "c000", description: $d }) { ... on InvalidInputError { message } }
    }`,
    variables: { d: 'd'.repeat(100_000) },
  });
  const message = 'input.description: expected 0 to 1024 characters, got 100000';
  expect(await response.json()).toEqual({ data: { a: { message }, b: { message } } });
  await expectNothingDone();
});

test.for(['a\ud83db', '\udcb3', '\udcb3\ud83d'])(
  'half a surrogate pair in %j is refused, and the error says where it is',
  async (half) => {
    const { expectNothingDone, query } = await start();
    const { data } = await query(
      `mutation ($text: String!) {
      a: generateClientCertificate(input: { description: $text, tags: [{ key: $text, value: "v" }] }) { ...complaint }
      b: updateClientCertificate(input: { id: "c000", description: $text }) { ...complaint }
      c: tagClientCertificate(input: { id: "c000", tags: [{ key: "k", value: $text }] }) { ...complaint }
      d: untagClientCertificate(input: { id: "c000", tagKeys: [$text] }) { ...complaint }
    }
    fragment complaint on InvalidInputError { issues { path message } }`,
      { text: half },
    );
    const text = `expected Unicode text, got half a surrogate pair in ${JSON.stringify(half)}`;
    const tag = `expected letters, digits, spaces and . : + = @ _ / - only, got ${JSON.stringify(half)}`;
    const issue = (path: string, message: string) => ({ path: path.split('.'), message });
    expect(data).toEqual({
      a: { issues: [issue('input.description', text), issue('input.tags.0.key', tag)] },
      b: { issues: [issue('input.description', text)] },
      c: { issues: [issue('input.tags.0.value', tag)] },
      d: { issues: [issue('input.tagKeys.0', tag)] },
    });
    const { errors } = await query(
      `query ($text: String!) {
      clientCertificates(filter: { descriptionContains: $text, tags: [{ key: $text, value: $text }] }) { totalCount }
    }`,
      { text: half },
    );
    expect(errors?.[0]?.extensions['issues']).toEqual([
      issue('filter.descriptionContains', text),
      issue('filter.tags.0.key', text),
      issue('filter.tags.0.value', text),
    ]);
    await expectNothingDone();
  },
);

test('the clientMutationId is returned unchanged, even with half a surrogate pair', async () => {
  const { query } = await start();
  const { data } = await query(
    `mutation ($id: String) {
      tagClientCertificate(input: { id: "c000", tags: [{ key: "k", value: "v" }], clientMutationId: $id }) {
        ... on TagClientCertificatePayload { clientMutationId }
      }
    }`,
    { id: 'a\ud83db' },
  );
  expect(data.tagClientCertificate).toEqual({ clientMutationId: 'a\ud83db' });
});

test.for([513, 1024])('a description of %i emoji is accepted and returned', async (count) => {
  const { query } = await start();
  const description = '💳'.repeat(count);
  const { data } = await query(
    `mutation ($d: String!) {
      a: generateClientCertificate(input: { description: $d }) { ...changed }
      b: updateClientCertificate(input: { id: "c000", description: $d }) {
        ... on UpdateClientCertificatePayload { clientCertificate { description } }
      }
    }
    fragment changed on GenerateClientCertificatePayload { clientCertificate { description } }`,
    { d: description },
  );
  const changed = { clientCertificate: { description } };
  expect(data).toEqual({ a: changed, b: changed });
});
