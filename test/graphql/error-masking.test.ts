import { GraphQLError } from 'graphql';
import { expect, onTestFinished, test, vi } from 'vitest';
import { MaskedError, NotFoundError, UpstreamError } from '../../src/errors/errors.ts';
import { maskError } from '../../src/graphql/plugins/error-masking.ts';
import { examples, startService } from '../support/service.ts';

const MASK = 'Something went wrong in the service; its log has the details under the request id.';
const LIST = '{ clientCertificates { nodes { daysUntilExpiration } } }';

test.for<[what: string, error: unknown]>([
  ['a TypeError', new TypeError('secret')],
  [
    'a TypeError in a field',
    new GraphQLError('secret', { path: ['a'], originalError: new TypeError('secret') }),
  ],
  [
    'a TypeError deep down',
    new GraphQLError('secret', {
      originalError: new GraphQLError('secret', { originalError: new Error('secret') }),
    }),
  ],
  ['a string', 'secret'],
  ['nothing', undefined],
])('%s is masked and kept for the log', ([, error]) => {
  const masked = maskError(error);
  expect(masked).toBeInstanceOf(MaskedError);
  expect(masked).toMatchObject({
    message: MASK,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
    unexpected: error,
  });
  expect(JSON.stringify(masked)).not.toContain('secret');
});

test('a masked error keeps its path', () => {
  const error = new GraphQLError('secret', { path: ['a', 0], originalError: new TypeError('secret') });
  expect(JSON.parse(JSON.stringify(maskError(error)))).toMatchObject({ path: ['a', 0] });
});

test.for([new NotFoundError(), new UpstreamError('THROTTLED', 'later', { retryAfterSeconds: 1 })])(
  'the error %s is not changed',
  (error) => {
    expect(maskError(error)).toBe(error);
    const located = new GraphQLError(error.message, { path: ['a'], originalError: error });
    expect(maskError(located)).toBe(located);
  },
);

test("an error of graphql-js without a code is the client's mistake", () => {
  expect(maskError(new GraphQLError('wrong variable', { path: ['a'] }))).toMatchObject({
    message: 'wrong variable',
    path: ['a'],
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

test.for(['development', 'production', 'test'])(
  'no unexpected error is shown to clients with NODE_ENV=%s',
  async (environment) => {
    vi.stubEnv('NODE_ENV', environment);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { log, post } = await startService({
      emulator: { now: () => new Date() },
      now: () => {
        throw new TypeError('secret');
      },
    });
    const response = await post({ query: LIST }, { 'x-request-id': 'request-1' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      errors: [{ message: MASK, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' } }],
    });
    expect(log).toMatchObject([
      { level: 'error', requestId: 'request-1', err: { type: 'TypeError', message: 'secret' } },
    ]);
  },
);

test('an unexpected error in one field is masked there, and logged', async () => {
  const { log, query } = await startService({
    emulator: { examples: examples(1), now: () => new Date() },
    now: () => new Date(Number.NaN),
  });
  const { data, errors } = await query(LIST);
  expect(data).toEqual({ clientCertificates: { nodes: [null] } });
  expect(errors).toEqual([
    {
      message: MASK,
      path: ['clientCertificates', 'nodes', 0, 'daysUntilExpiration'],
      locations: [expect.anything()],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    },
  ]);
  expect(log).toMatchObject([
    { level: 'error', err: { message: 'Int cannot represent non-integer value: NaN' } },
  ]);
});
