import { expect, test } from 'vitest';
import { startService, withoutRequestIds } from '../support/service.ts';

const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
const NOT_SUPPORTED = {
  errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
};

test('the hash of a document alone is answered with the error that makes clients send the document', async () => {
  const { calls, post, server } = await startService();
  const url = `http://localhost/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
  const spec = { accept: 'application/graphql-response+json' };
  for (const [answer, status] of [
    // As Apollo Server answers: some clients do not read the body with another status.
    [await post({ extensions }), 200],
    [await server.fetch(url), 200],
    // As the specification says, whose clients read every body.
    [await post({ extensions, query: '' }, spec), 400],
    [await server.fetch(url, { headers: spec }), 400],
  ] as const) {
    expect(answer.status).toBe(status);
    expect(withoutRequestIds(await answer.json())).toEqual(NOT_SUPPORTED);
  }
  expect(calls).toEqual([]);
});

test('a document with its hash is answered', async () => {
  const { post } = await startService();
  const answer = await post({ extensions, query: '{ __typename }' });
  expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
});

test('a request without a document and without a hash is refused with 400', async () => {
  const { post } = await startService();
  const answer = await post({ extensions: {} }, { accept: 'application/graphql-response+json' });
  expect(answer.status).toBe(400);
  expect(withoutRequestIds(await answer.json())).toEqual({
    errors: [{ message: 'Must provide query string.', extensions: { code: 'BAD_REQUEST' } }],
  });
});

test.for([-1, 'x', true, []])(
  'the extensions %j are not a hash, and not an unexpected error',
  async (extensions) => {
    const { post, log } = await startService();
    const { errors } = await (await post({ extensions })).json();
    expect(errors).toMatchObject([{ message: expect.stringMatching(/query|extensions/) }]);
    expect(errors[0].extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
    expect(log).toEqual([]);
  },
);
