import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { examples, startService } from '../support/service.ts';

const ERROR = '__typename ... on Error { code message } ... on InvalidInputError { issues { path message } }';

/** One mutation of each kind, with valid input. */
const MUTATIONS: [field: string, operation: string, input: string][] = [
  ['generateClientCertificate', 'GenerateClientCertificate', '{ description: "x" }'],
  ['updateClientCertificate', 'UpdateClientCertificate', '{ id: "c000", description: "x" }'],
  ['deleteClientCertificate', 'DeleteClientCertificate', '{ id: "c000", evenIfUsed: true }'],
  ['tagClientCertificate', 'TagResource', '{ id: "c000", tags: [{ key: "k", value: "v" }] }'],
  ['untagClientCertificate', 'UntagResource', '{ id: "c000", tagKeys: ["k"] }'],
];

const mutation = (field: string, input: string) =>
  `mutation { result: ${field}(input: ${input}) { ${ERROR} } }`;

test.for(MUTATIONS.slice(1))('%s of an unknown id is a NotFoundError', async ([field, operation, input]) => {
  const { calls, query } = await startService();
  expect(await query(mutation(field, input))).toEqual({
    data: {
      result: {
        __typename: 'NotFoundError',
        code: 'NOT_FOUND',
        message: 'There is no such client certificate.',
      },
    },
  });
  expect(calls).toEqual([operation]);
});

test.for(MUTATIONS)("%s returns AWS's message for a conflict", async ([field, operation, input]) => {
  const { calls, fail, query } = await startService({ emulator: { examples: examples(1) } });
  const message = 'Client certificate is in use by stage prod';
  fail(() => ({ kind: 'error', error: new AwsError(409, 'ConflictException', message) }));
  expect(await query(mutation(field, input))).toEqual({
    data: { result: { __typename: 'ConflictError', code: 'CONFLICT', message } },
  });
  expect(calls).toEqual([operation]);
});

test.for(MUTATIONS)(
  "%s gives AWS's words for an input that only AWS refuses",
  async ([field, operation, input]) => {
    const { calls, fail, query } = await startService({ emulator: { examples: examples(1) } });
    const message = 'Invalid something specified';
    fail(() => ({ kind: 'error', error: new AwsError(400, 'BadRequestException', message) }));
    const issues = [{ path: [], message }];
    expect(await query(mutation(field, input))).toEqual({
      data: { result: { __typename: 'InvalidInputError', code: 'BAD_USER_INPUT', message, issues } },
    });
    expect(calls).toEqual([operation]);
  },
);

test.for(MUTATIONS.filter(([field]) => field !== 'deleteClientCertificate'))(
  '%s returns a LimitExceededError for a quota, after a single call',
  async ([field, operation, input]) => {
    const { calls, fail, query } = await startService({ emulator: { examples: examples(1) } });
    const message = 'Maximum number of things has been reached';
    fail(() => ({ kind: 'error', error: new AwsError(429, 'LimitExceededException', message) }));
    expect(await query(mutation(field, input))).toEqual({
      data: { result: { __typename: 'LimitExceededError', code: 'LIMIT_EXCEEDED', message } },
    });
    expect(calls).toEqual([operation]);
  },
);

test('the 61st certificate of a region is a LimitExceededError, after a single call', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(60) } });
  expect(await query(mutation('generateClientCertificate', '{}'))).toEqual({
    data: {
      result: {
        __typename: 'LimitExceededError',
        code: 'LIMIT_EXCEEDED',
        message: expect.stringContaining('Maximum number of Client Certificates'),
      },
    },
  });
  expect(calls).toEqual(['GenerateClientCertificate']);
});

test('the 51st tag of a certificate is a LimitExceededError', async () => {
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'v']));
  const { query } = await startService({
    emulator: { examples: [{ id: 'c000', tags, createdDate: new Date() }] },
  });
  const tag = (key: string) =>
    query(mutation('tagClientCertificate', `{ id: "c000", tags: [{ key: "${key}", value: "new" }] }`));
  expect((await tag('k7')).data.result).toEqual({ __typename: 'TagClientCertificatePayload' });
  expect((await tag('another')).data.result).toMatchObject({ __typename: 'LimitExceededError' });
});

test('all issues of an input are reported at once, each with its path', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(1) } });
  const { data, errors } = await query(
    `mutation ($tags: [TagInput!]!) { result: tagClientCertificate(input: { id: "not/an id", tags: $tags }) { ${ERROR} } }`,
    {
      tags: [
        { key: 'fine', value: 'also fine' },
        { key: '', value: 'v'.repeat(257) },
        { key: 'AWS:reserved', value: 'né\n' },
        { key: 'fine', value: '' },
        { key: 'a?', value: 'x' },
      ],
    },
  );
  expect(errors).toBeUndefined();
  const { issues, message, ...rest } = data.result;
  expect(rest).toEqual({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
  expect(issues.map(({ path }: { path: string[] }) => path.join('.'))).toEqual([
    'input.id',
    'input.tags.1.key',
    'input.tags.1.value',
    'input.tags.2.key',
    'input.tags.2.value',
    'input.tags.4.key',
    'input.tags.3.key',
  ]);
  expect(message).toBe(
    issues
      .map((issue: { path: string[]; message: string }) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; '),
  );
  expect(calls).toEqual([]);
});

test('generate reports issues of the description and of the tags at once', async () => {
  const { calls, query } = await startService();
  const { data } = await query(
    `mutation ($description: String) {
      result: generateClientCertificate(input: { description: $description, tags: [{ key: "aws:x", value: "" }] }) { ${ERROR} }
    }`,
    { description: 'd'.repeat(1025) },
  );
  expect(data.result.issues).toEqual([
    { path: ['input', 'description'], message: 'expected 0 to 1024 characters, got 1025' },
    {
      path: ['input', 'tags', '0', 'key'],
      message: 'expected no key that starts with aws:, got "aws:x"',
    },
  ]);
  expect(calls).toEqual([]);
});

test('untag names the invalid keys', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(1) } });
  const { data } = await query(
    mutation('untagClientCertificate', '{ id: "c000", tagKeys: ["ok", "aws:x", "ok", ""] }'),
  );
  expect(data.result.issues).toEqual([
    { path: ['input', 'tagKeys', '1'], message: 'expected no key that starts with aws:, got "aws:x"' },
    { path: ['input', 'tagKeys', '3'], message: 'expected 1 to 128 characters, got 0' },
    { path: ['input', 'tagKeys', '2'], message: 'expected no key twice, got "ok" again' },
  ]);
  expect(calls).toEqual([]);
});

test('a certificate that disappears before its payload is read is an error in the payload', async () => {
  const { calls, fail, query } = await startService({ emulator: { examples: examples(1) } });
  fail((operation) =>
    operation === 'GetClientCertificate'
      ? { kind: 'error', error: new AwsError(404, 'NotFoundException', 'gone') }
      : undefined,
  );
  const { data, errors } = await query(`mutation {
    tagClientCertificate(input: { id: "c000", tags: [{ key: "k", value: "v" }] }) {
      ... on TagClientCertificatePayload { clientCertificate { id } }
    }
  }`);
  expect(data).toBeNull();
  expect(errors).toMatchObject([
    { path: ['tagClientCertificate', 'clientCertificate'], extensions: { code: 'NOT_FOUND' } },
  ]);
  expect(calls).toEqual(['TagResource', 'GetClientCertificate']);
});
