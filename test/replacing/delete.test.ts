import { GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { denied } from '../support/sharing.ts';
import { CERTIFICATES, GET, type ReplacingOptions, startReplacing, withOld } from './support.ts';

const DELETE = 'DeleteClientCertificate';

const mutation = (input: string) => `mutation {
  result: deleteClientCertificate(input: ${input}) {
    __typename
    ... on Error { code message }
    ... on CertificateInUseError { stages { name api { apiId } } index { apis apisRead complete } }
  }
}`;

async function start(options: ReplacingOptions = {}) {
  const service = await startReplacing({ restApis: withOld('r000', 'r001'), ...options });
  return {
    ...service,
    remove: async (id: string, more = '') =>
      (await service.query(mutation(`{ id: "${id}" ${more} }`))).data.result,
    exists: async (clientCertificateId: string) =>
      service.client.send(new GetClientCertificateCommand({ clientCertificateId })).then(
        () => true,
        () => false,
      ),
  };
}

const DELETED = { __typename: 'DeleteClientCertificatePayload' };

describe('a certificate that a stage uses', () => {
  test('is not deleted: the stages are read again, and named', async () => {
    const { callsOf, remove, exists } = await start();
    const calls = await callsOf(async () => {
      expect(await remove('old')).toEqual({
        __typename: 'CertificateInUseError',
        code: 'CONFLICT',
        message:
          'The client certificate is used by 2 stages. With `evenIfUsed: true` it is deleted all the same.',
        stages: [
          { name: 'prod', api: { apiId: 'r000' } },
          { name: 'prod', api: { apiId: 'r001' } },
        ],
        index: { apis: 2, apisRead: 2, complete: true },
      });
    });
    expect(calls).toEqual([GET, GET]);
    expect(await exists('old')).toBe(true);
  });

  test('is deleted once others have taken it off', async () => {
    const { callsOf, remove, putBehindItsBack, exists } = await start();
    await putBehindItsBack('r000', 'new');
    expect((await remove('old')).stages).toEqual([{ name: 'prod', api: { apiId: 'r001' } }]);
    await putBehindItsBack('r001', '');
    const calls = await callsOf(async () => {
      expect(await remove('old')).toEqual(DELETED);
    });
    expect(calls).toEqual([GET, DELETE]);
    expect(await exists('old')).toBe(false);
  });

  test('is deleted after it was replaced, by one call', async () => {
    const { callsOf, remove, replace, exists } = await start();
    await replace();
    const calls = await callsOf(async () => {
      expect(await remove('old')).toEqual(DELETED);
    });
    expect(calls).toEqual([DELETE]);
    expect(await exists('old')).toBe(false);
  });

  test('counts as used where AWS does not show the stage', async () => {
    const { fail, remove, exists } = await start();
    fail((operation) => (operation === GET ? denied : undefined));
    expect((await remove('old')).stages).toHaveLength(2);
    fail(() => undefined);
    expect(await exists('old')).toBe(true);
  });

  test('is refused within the calls of an operation, however many stages there are', async () => {
    const { callsOf, remove } = await start({ env: { MAX_UPSTREAM_CALLS_PER_OPERATION: '2' } });
    const calls = await callsOf(async () => {
      expect((await remove('old')).stages).toHaveLength(2);
    });
    expect(calls).toEqual([GET]);
  });

  test('goes to AWS at once with `evenIfUsed`, which decides', async () => {
    const { callsOf, remove } = await start();
    const calls = await callsOf(async () => {
      expect(await remove('old', 'evenIfUsed: true')).toMatchObject({ __typename: 'ConflictError' });
    });
    expect(calls).toEqual([DELETE]);
  });
});

describe('a certificate that no known stage uses', () => {
  test('is deleted if all stages are known', async () => {
    const { callsOf, remove, exists } = await start();
    const calls = await callsOf(async () => {
      expect(await remove('other')).toEqual(DELETED);
    });
    expect(calls).toEqual([DELETE]);
    expect(await exists('other')).toBe(false);
  });

  const incomplete: ReplacingOptions = {
    fault: (operation, labels) =>
      operation === 'GetStages' && labels['restApiId'] === 'r001' ? denied : undefined,
  };

  test('is not deleted if one API could not be read', async () => {
    const { callsOf, remove, exists } = await start(incomplete);
    const calls = await callsOf(async () => {
      expect(await remove('other')).toEqual({
        __typename: 'CertificateInUseError',
        code: 'CONFLICT',
        message:
          'Not all stages have been read yet (1 of 2 known APIs), so one of them may use the client certificate. With `evenIfUsed: true` it is deleted all the same.',
        stages: [],
        index: { apis: 2, apisRead: 1, complete: false },
      });
    });
    expect(calls).toEqual([]);
    expect(await exists('other')).toBe(true);
  });

  test('is not deleted if the stages were read too long ago', async () => {
    const { callsOf, remove, pass, readAgain } = await start();
    pass(3_500_000);
    expect(await remove('other')).toEqual(DELETED);
    pass(200_000);
    const calls = await callsOf(async () => {
      expect(await remove('new')).toMatchObject({
        code: 'CONFLICT',
        message:
          'AWS was read too long ago to rule out that a stage uses the client certificate. With `evenIfUsed: true` it is deleted all the same.',
        stages: [],
      });
    });
    expect(calls).toEqual([]);
    await readAgain();
    expect(await remove('new')).toEqual(DELETED);
  });

  test('is deleted then with `evenIfUsed`', async () => {
    const { remove } = await start(incomplete);
    expect(await remove('other', 'evenIfUsed: true')).toEqual(DELETED);
  });

  test('is a NotFoundError if there is no such certificate', async () => {
    const { remove } = await start();
    expect(await remove('nobody')).toMatchObject({ __typename: 'NotFoundError' });
  });

  test('is an InvalidInputError if the id is none', async () => {
    const { callsOf, remove } = await start();
    const calls = await callsOf(async () => {
      expect(await remove('not/an id')).toMatchObject({ __typename: 'InvalidInputError' });
    });
    expect(calls).toEqual([]);
  });
});

test('who may write but not read is refused without seeing the stages', async () => {
  const API_KEYS = [
    apiKeyEntry('writer', 'writer', 'client-certificates:write'),
    apiKeyEntry('reader', 'reader', 'client-certificates:read'),
  ].join();
  const { post, calls } = await startReplacing({
    restApis: withOld('r000'),
    env: { AUTH: 'api-key', API_KEYS },
    examples: CERTIFICATES,
    headers: { 'x-api-key': 'reader' },
  });
  const ask = async (key: string) =>
    (await post({ query: mutation('{ id: "old" }') }, { 'x-api-key': key })).json();
  expect((await ask('writer')).errors).toEqual([
    expect.objectContaining({
      path: ['result', 'stages'],
      message: 'Requires the scope client-certificates:read.',
    }),
  ]);
  expect(calls).toEqual([GET]);
  expect((await ask('reader')).errors[0].message).toBe('Requires the scope client-certificates:write.');
});
