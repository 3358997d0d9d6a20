import { createSchema, createYoga } from 'graphql-yoga';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { brokenItem, type Fault, html502, isoDates } from '../../src/emulator/fault.ts';
import type { Accepted } from '../../src/exchange.ts';
import { maskError } from '../../src/graphql/plugins/error-masking.ts';
import { useFailureLog } from '../../src/graphql/plugins/failure-log.ts';
import type { ServerContext } from '../../src/graphql/plugins/operation.ts';
import { loggerOptions } from '../../src/observability/log.ts';
import { startService } from '../support/service.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LIST = '{ clientCertificates { nodes { id } } }';

const idGivenFor = async (id: string) => {
  const { post } = await startService();
  return (await post({ query: '{ __typename }' }, { 'x-request-id': id })).headers.get('x-request-id');
};

describe('the id of a request', () => {
  test.each([
    'a',
    'req-42',
    '1-67891233-abcdef012345678912345678',
    'Root=1-67891233/x+y:z_0.1',
    'x'.repeat(128),
  ])('is the one that the client sent: %s', async (id) => {
    expect(await idGivenFor(id)).toBe(id);
  });

  test.each(['', 'x'.repeat(129), 'two words', 'a"b', 'a;b', 'a\tb', 'ünï', '{"a":1}', '<b>', '%0a'])(
    'is generated if the one that the client sent is not valid: %j',
    async (id) => {
      expect(await idGivenFor(id)).toMatch(UUID);
    },
  );

  test('is generated if the client sent none, and differs between requests', async () => {
    const { post } = await startService();
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await post({ query: LIST })).headers.get('x-request-id')),
    );
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(3);
  });

  test('is in every response', async () => {
    const { server } = await startService();
    for (const [path, init] of [
      ['/health', {}],
      ['/nowhere', {}],
      ['/graphql', { headers: { accept: 'text/html' } }],
      ['/graphql', { method: 'DELETE' }],
      ['/graphql', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
      ['/graphql', { method: 'POST', body: 'x', headers: { 'content-type': 'text/csv' } }],
    ] as const) {
      const headers = { 'x-request-id': 'mine', ...('headers' in init && init.headers) };
      const response = await server.fetch(`http://localhost${path}`, { ...init, headers });
      expect(response.headers.get('x-request-id'), `${path} ${JSON.stringify(init)}`).toBe('mine');
    }
  });
});

test('an unexpected error is logged with its stack, without the input of the client', async () => {
  const log: Record<string, unknown>[] = [];
  const broken = () => {
    throw new TypeError('cannot read');
  };
  const yoga = createYoga<ServerContext>({
    schema: createSchema({
      typeDefs: 'type Query { broken(a: String): Int }',
      resolvers: { Query: { broken } },
    }),
    maskedErrors: { maskError, isDev: false, errorMessage: '' },
    logging: false,
    plugins: [useFailureLog(pino(loggerOptions('info'), { write: (line) => log.push(JSON.parse(line)) }))],
  });
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'query ($a: String) { a: broken(a: $a) b: broken(a: "hush-literal") }',
      variables: { a: 'hush-variable' },
    }),
  };
  const request = {
    method: 'POST',
    url: '/graphql',
    header: () => undefined,
    headers: () => ({}),
    body: async () => Buffer.from(init.body),
    gone: () => new AbortController().signal,
    hasLeft: () => false,
    address: undefined,
    certificate: () => undefined,
    hosts: [],
    needsHost: false,
    onClose: () => undefined,
    cutOff: () => undefined,
  };
  const accepted: Accepted = { mediaType: 'application/json', prefersPage: false, acceptsEvents: false };
  const exchange = {
    request,
    path: '/graphql',
    search: '',
    accepted,
    startedAtMs: 0,
    requestId: 'req-42',
  };
  const response = await yoga.fetch('http://localhost/graphql', init, { exchange, sent: init });
  expect(await response.text()).not.toContain('cannot read');
  const err = { message: 'cannot read', stack: expect.stringContaining('request-log.test.ts') };
  const line = { level: 'error', requestId: 'req-42', msg: 'unexpected error', err };
  expect(log).toMatchObject([line, line]);
  expect(JSON.stringify(log)).not.toContain('hush');
});

describe('an AWS failure', () => {
  const denied: Fault = {
    kind: 'error',
    error: new AwsError(
      403,
      'AccessDeniedException',
      'User: arn:aws:iam::123456789012:user/certway is not authorized',
    ),
  };

  test("is logged under the id of the request with AWS's message, which the client does not get", async () => {
    const { post, log, fail } = await startService();
    fail(() => denied);
    const response = await post({ query: LIST }, { 'x-request-id': 'req-42' });
    expect(await response.text()).not.toContain('iam');
    expect(log).toEqual([
      {
        level: 'warn',
        requestId: 'req-42',
        code: 'UPSTREAM_DENIED',
        reason: 'AWS refuses the credentials of this service.',
        aws: {
          operation: 'GetClientCertificates',
          name: 'AccessDeniedException',
          message: 'User: arn:aws:iam::123456789012:user/certway is not authorized',
          status: 403,
          denial: { reason: 'not-allowed' },
          requestId: expect.stringMatching(UUID),
        },
        msg: 'AWS failed',
      },
    ]);
  });

  test('is logged if only a part of an answer is broken', async () => {
    const { query, log, fail } = await startService({
      emulator: { examples: [{ createdDate: new Date() }] },
    });
    fail(() => brokenItem);
    expect(await query(LIST)).toMatchObject({ data: { clientCertificates: { nodes: [null] } } });
    const reason = 'AWS sent an incomplete client certificate.';
    expect(log).toMatchObject([{ level: 'warn', code: 'UPSTREAM_UNAVAILABLE', reason }]);
  });

  test('puts no PEM, tag, description or variable into the log', async () => {
    const hush = { description: 'hush-description', tags: { team: 'hush-tag' }, createdDate: new Date() };
    const { post, log, fail } = await startService({ emulator: { examples: [{ id: 'hushid', ...hush }] } });
    const operations = [
      'query ($id: ID!) { clientCertificate(id: $id) { pemEncodedCertificate description tags { value } } }',
      'query { clientCertificates { nodes { pemEncodedCertificate description tags { value } } } }',
      'mutation ($description: String, $tags: [TagInput!]) { generateClientCertificate(input: { description: $description, tags: $tags }) { __typename } }',
    ];
    const variables = {
      id: 'hushid',
      description: 'hush-description',
      tags: [{ key: 'team', value: 'hush-tag' }],
    };
    const faults: Fault[] = [denied, html502, isoDates, brokenItem, { kind: 'cut-off' }];
    for (const fault of faults) {
      fail(() => fault);
      log.length = 0;
      for (const query of operations) await post({ query, variables });
      expect(log.length).toBeGreaterThanOrEqual(1);
      expect(JSON.stringify(log)).not.toMatch(/hush|CERTIFICATE-----|\bMII/);
    }
  });
});

test('errors of clients are not logged', async () => {
  const { log, post } = await startService();
  for (const query of [
    '{',
    '{ nothing }',
    '{ node(id: "?") { id } }',
    '{ clientCertificates(first: -1) { nodes { id } } }',
  ])
    expect(await (await post({ query })).json()).toMatchObject({ errors: [{}] });
  expect(log).toEqual([]);
});
