import { DeleteRestApiCommand, DeleteStageCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { conflict, type Fault, html502 } from '../../src/emulator/fault.ts';
import type { Labels } from '../../src/emulator/request.ts';
import { restApis, SHORT_CALLS } from '../support/service.ts';
import { denied, failed, throttled, until } from '../support/sharing.ts';
import { GET, prod, startReplacing, statuses, UPDATE, withOld } from './support.ts';

type When = (operation: string, labels: Labels) => Fault | undefined;

/** The fault happens to an operation on the stage of one API, so many times. */
function on(operation: string, apiId: string, fault: Fault, times = Number.POSITIVE_INFINITY): When {
  let count = 0;
  return (name, labels) => {
    if (name !== operation || labels['restApiId'] !== apiId) return undefined;
    count += 1;
    return count <= times ? fault : undefined;
  };
}

/** What came of one API. */
const of = (outcomes: { stage: { api: { apiId: string } } }[], apiId: string) =>
  outcomes.find(({ stage }) => stage.api.apiId === apiId);

describe('a service that ends between two stages', () => {
  test('leaves some old and some new; the same request to another goes on', async () => {
    const { server, fail, ask, replica, truth, calls } = await startReplacing();
    fail(on(UPDATE, 'r001', { kind: 'lost' }));
    const { leave, ended } = ask();
    await until(() => expect(calls.filter((operation) => operation === UPDATE)).toHaveLength(2));
    leave();
    server.close();
    await ended;
    fail(() => undefined);
    expect([await truth('r000'), await truth('r001'), await truth('r002')]).toEqual(['new', 'old', 'old']);
    const other = await replica();
    const { data } = await other.replace();
    expect(statuses(data.result.outcomes)).toEqual({
      r000: 'ALREADY_REPLACED',
      r001: 'REPLACED',
      r002: 'REPLACED',
    });
    expect([await truth('r000'), await truth('r001'), await truth('r002')]).toEqual(['new', 'new', 'new']);
  });
});

describe('an UpdateStage without an answer', () => {
  test.for<[string, Fault]>([
    ['it times out', { kind: 'no-answer' }],
    ['it stalls', { kind: 'stall' }],
    ['the connection is cut', { kind: 'cut-off' }],
    ['a load balancer answers', html502],
    ['it cannot be read', { kind: 'raw', status: 200, contentType: 'application/json', body: '<html>' }],
    ['it lacks the name of the stage', { kind: 'change', change: () => ({}) }],
  ])('because $0 but which happened is REPLACED, as one GetStage tells', async ([, fault]) => {
    const { callsOf, fail, replace, truth } = await startReplacing({ env: SHORT_CALLS });
    fail(on(UPDATE, 'r001', fault));
    const calls = await callsOf(async () => {
      const { data } = await replace({ stages: [prod('r001')] });
      expect(statuses(data.result.outcomes)).toEqual({ r001: 'REPLACED' });
      expect(data.result.outcomes[0].stage.certificateReference).toBe('new');
    });
    expect(calls.slice(2)).toEqual([GET, UPDATE, GET]);
    expect(await truth('r001')).toBe('new');
  });

  test.for<[Fault, string]>([
    [{ kind: 'lost' }, 'UPSTREAM_TIMEOUT'],
    [failed, 'UPSTREAM_UNAVAILABLE'],
  ])('and which did not happen is FAILED and remains; the others go on: %j', async ([fault, code]) => {
    const { callsOf, fail, replace, truth } = await startReplacing({ env: SHORT_CALLS });
    fail(on(UPDATE, 'r001', fault));
    const calls = await callsOf(async () => {
      const { data } = await replace();
      expect(statuses(data.result.outcomes)).toEqual({ r000: 'REPLACED', r001: 'FAILED', r002: 'REPLACED' });
      expect(of(data.result.outcomes, 'r001')).toMatchObject({
        stage: { certificateReference: 'old' },
        error: { code },
      });
      expect(data.result.remaining).toBe(1);
    });
    expect(calls.slice(2)).toEqual([GET, UPDATE, GET, UPDATE, GET, GET, UPDATE]);
    fail(() => undefined);
    const again = await replace();
    expect(statuses(again.data.result.outcomes)).toMatchObject({ r001: 'REPLACED' });
    expect(await truth('r001')).toBe('new');
  });

  test('is not sent again over what someone else did in between', async () => {
    const { fail, replace, putBehindItsBack, truth } = await startReplacing({ env: SHORT_CALLS });
    const { promise: changed, resolve } = Promise.withResolvers<void>();
    fail((operation, labels) => {
      if (operation === UPDATE && labels['restApiId'] === 'r001') {
        fail(() => undefined);
        putBehindItsBack('r001', 'other').then(() => resolve());
        return { kind: 'lost' };
      }
      return undefined;
    });
    const answer = replace({ stages: [prod('r001')] });
    await changed;
    const { data } = await answer;
    expect(statuses(data.result.outcomes)).toEqual({ r001: 'CHANGED_MEANWHILE' });
    expect(await truth('r001')).toBe('other');
  });
});

describe('a conflict', () => {
  test('that passes is tried again in place, each time after a read', async () => {
    const { callsOf, fail, replace, waits } = await startReplacing();
    fail(on(UPDATE, 'r001', conflict, 2));
    const calls = await callsOf(async () => {
      const { data } = await replace({ stages: [prod('r001')] });
      expect(statuses(data.result.outcomes)).toEqual({ r001: 'REPLACED' });
    });
    expect(calls.slice(2)).toEqual([GET, UPDATE, GET, UPDATE, GET, UPDATE]);
    expect(waits).toEqual([500, 1000]);
  });

  test('that does not pass is FAILED after a few times, and the others go on', async () => {
    const { callsOf, fail, replace, waits, truth } = await startReplacing();
    fail(on(UPDATE, 'r001', conflict));
    const calls = await callsOf(async () => {
      const { data } = await replace();
      expect(statuses(data.result.outcomes)).toEqual({ r000: 'REPLACED', r001: 'FAILED', r002: 'REPLACED' });
      expect(of(data.result.outcomes, 'r001')).toMatchObject({
        error: { code: 'CONFLICT', message: expect.stringContaining('Please try again later.') },
      });
      expect(data.result.remaining).toBe(1);
    });
    expect(calls.filter((operation) => operation === UPDATE)).toHaveLength(6);
    expect(waits).toEqual([500, 1000, 2000]);
    expect(await truth('r001')).toBe('old');
  });

  test('of another kind is FAILED at once', async () => {
    const { callsOf, fail, replace } = await startReplacing();
    fail(
      on(UPDATE, 'r001', {
        kind: 'error',
        error: new AwsError(409, 'ConflictException', 'In use elsewhere'),
      }),
    );
    const calls = await callsOf(async () => {
      const { data } = await replace({ stages: [prod('r001')] });
      expect(data.result.outcomes[0]).toMatchObject({
        status: 'FAILED',
        error: { code: 'CONFLICT', message: 'In use elsewhere' },
      });
    });
    expect(calls.slice(2)).toEqual([GET, UPDATE]);
  });
});

describe('a throttle in the middle', () => {
  test('is waited for, and the stage is read again before it is written', async () => {
    const { fail, replace, waits } = await startReplacing();
    fail(on(UPDATE, 'r001', throttled, 4));
    const { data } = await replace();
    expect(statuses(data.result.outcomes)).toEqual({ r000: 'REPLACED', r001: 'REPLACED', r002: 'REPLACED' });
    expect(waits).toEqual([1000]);
  });

  test('that lasts leaves the rest NOT_TRIED; the same request again goes on', {
    timeout: 30_000,
  }, async () => {
    const { fail, replace, truth } = await startReplacing();
    fail((operation, labels) =>
      ['r001', 'r002'].includes(labels['restApiId'] ?? '') && [GET, UPDATE].includes(operation)
        ? throttled
        : undefined,
    );
    const { data } = await replace();
    expect(statuses(data.result.outcomes)).toEqual({
      r000: 'REPLACED',
      r001: 'NOT_TRIED',
      r002: 'NOT_TRIED',
    });
    expect(data.result.outcomes.map(({ error }: { error: unknown }) => error)).toEqual([null, null, null]);
    expect(data.result.remaining).toBe(2);
    expect([await truth('r000'), await truth('r001').catch(() => 'throttled')]).toEqual(['new', 'throttled']);
    fail(() => undefined);
    expect(statuses((await replace()).data.result.outcomes)).toEqual({
      r000: 'ALREADY_REPLACED',
      r001: 'REPLACED',
      r002: 'REPLACED',
    });
  });
});

describe('a certificate that may be on a stage by now', () => {
  const REMOVE = `mutation {
    result: deleteClientCertificate(input: { id: "new" }) { __typename ... on CertificateInUseError { index { complete } } }
  }`;
  const REFUSED = { result: { __typename: 'CertificateInUseError', index: { complete: false } } };

  test.for<Fault['kind']>(['no-answer', 'lost'])('is not deleted before that is known: %s', async (kind) => {
    const { fail, replace, query, readAgain } = await startReplacing({
      restApis: withOld('r000'),
      env: SHORT_CALLS,
    });
    fail((operation) => {
      if (operation !== UPDATE) return undefined;
      fail(on(GET, 'r000', denied));
      return { kind } as Fault;
    });
    const { data } = await replace();
    expect(statuses(data.result.outcomes)).toEqual({ r000: 'FAILED' });
    fail(() => undefined);
    expect((await query(REMOVE)).data).toEqual(REFUSED);
    await readAgain();
    const { result } = (await query(REMOVE)).data;
    if (kind === 'lost') expect(result.__typename).toBe('DeleteClientCertificatePayload');
    else expect(result).toEqual({ __typename: 'CertificateInUseError', index: { complete: true } });
  });

  test('is not deleted while AWS has not answered', async () => {
    const { ask, fail, calls, query } = await startReplacing({ restApis: withOld('r000') });
    const { promise, resolve } = Promise.withResolvers<void>();
    fail((operation) => (operation === UPDATE ? { kind: 'held', until: promise } : undefined));
    const { leave, ended } = ask();
    await until(() => expect(calls).toContain(UPDATE));
    leave();
    expect((await query(REMOVE)).data).toEqual({
      result: { __typename: 'CertificateInUseError', index: { complete: true } },
    });
    resolve();
    await ended;
    expect(calls).not.toContain('DeleteClientCertificate');
  });

  test('is not deleted where someone else has put another one on the stage meanwhile', async () => {
    const { fail, replace, query, putBehindItsBack } = await startReplacing({
      restApis: withOld('r000'),
      env: SHORT_CALLS,
    });
    const { promise: changed, resolve } = Promise.withResolvers<void>();
    fail((operation) => {
      if (operation !== UPDATE) return undefined;
      fail(() => undefined);
      putBehindItsBack('r000', 'other').then(() => resolve());
      return { kind: 'lost' };
    });
    const answer = replace();
    await changed;
    const { data } = await answer;
    expect(statuses(data.result.outcomes)).toEqual({ r000: 'CHANGED_MEANWHILE' });
    expect((await query(REMOVE)).data).toEqual(REFUSED);
  });
});

test('a certificate that is being deleted is put on no stage, unless that has failed', async () => {
  const { fail, replace, query, calls, truth } = await startReplacing({
    restApis: withOld('r000'),
    env: SHORT_CALLS,
  });
  const remove = 'DeleteClientCertificate';
  let attempts = 0;
  fail((operation) => {
    if (operation !== remove) return undefined;
    attempts += 1;
    return attempts === 1 ? { kind: 'lost' } : denied;
  });
  const deleted = query('mutation { deleteClientCertificate(input: { id: "new" }) { __typename } }');
  await until(() => expect(calls).toContain(remove));
  const { data } = await replace();
  expect(data.result.outcomes).toMatchObject([
    {
      status: 'FAILED',
      error: { code: 'CONFLICT', message: 'The new client certificate is being deleted.' },
    },
  ]);
  expect(calls).not.toContain(UPDATE);
  expect(await truth('r000')).toBe('old');
  expect((await deleted).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_DENIED' } }]);
  fail(() => undefined);
  expect(statuses((await replace()).data.result.outcomes)).toEqual({ r000: 'REPLACED' });
});

test('an UpdateStage that was not sent is FAILED, and leaves no doubt about the stage', async () => {
  const { query, fingerprints, callsOf, pass, truth } = await startReplacing({
    restApis: withOld('r000'),
    env: { UPSTREAM_CALLS_PER_SECOND: '1', REQUEST_TIMEOUT_MS: '2500' },
  });
  pass(10_000); // four calls are left then
  const calls = await callsOf(async () => {
    const { data } = await query(`mutation {
      updateClientCertificate(input: { id: "other", description: "x" }) { __typename }
      replaceClientCertificate(
        input: { id: "old", with: "new", trustedFingerprintSha256: "${fingerprints.get('new')}" }
      ) {
        ... on ReplaceClientCertificatePayload {
          outcomes { status error { code message } } remaining index { complete }
        }
      }
    }`);
    expect(data.replaceClientCertificate).toEqual({
      outcomes: [
        {
          status: 'FAILED',
          error: { code: 'UPSTREAM_TIMEOUT', message: expect.stringContaining('before AWS was asked') },
        },
      ],
      remaining: 1,
      index: { complete: true },
    });
  });
  expect(calls.at(-1)).toBe(GET);
  pass(10_000);
  expect(await truth('r000')).toBe('old');
});

test.for([GET, UPDATE])(
  'a %s that AWS denies for one API is FAILED there, and the others go on',
  async (operation) => {
    const { fail, replace, truth } = await startReplacing();
    fail(on(operation, 'r001', denied));
    const { data } = await replace();
    expect(statuses(data.result.outcomes)).toEqual({ r000: 'REPLACED', r001: 'FAILED', r002: 'REPLACED' });
    expect(of(data.result.outcomes, 'r001')).toMatchObject({
      error: { code: 'UPSTREAM_DENIED', message: 'AWS refuses the credentials of this service.' },
    });
    expect(data.result.remaining).toBe(1);
    fail(() => undefined);
    expect(await truth('r001')).toBe('old');
  },
);

describe('a stage that was changed meanwhile', () => {
  const ACM = 'arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-123456789012';

  test.for([['other'], [ACM], ['']])('to %j is left alone, and the index knows', async ([value = '']) => {
    const { callsOf, replace, putBehindItsBack, truth, query } = await startReplacing();
    await putBehindItsBack('r001', value);
    const calls = await callsOf(async () => {
      const { data } = await replace();
      expect(statuses(data.result.outcomes)).toEqual({
        r000: 'REPLACED',
        r001: 'CHANGED_MEANWHILE',
        r002: 'REPLACED',
      });
      expect(of(data.result.outcomes, 'r001')).toMatchObject({
        stage: { certificateReference: value || null },
      });
      expect(data.result.remaining).toBe(0);
    });
    expect(calls.filter((operation) => operation === UPDATE)).toHaveLength(2);
    expect(await truth('r001')).toBe(value || undefined);
    const { data } = await query(
      `{ node(id: "${prod('r001')}") { ... on ApiStage { certificateReference } } }`,
    );
    expect(data.node.certificateReference).toBe(value || null);
  });

  test('to the new certificate is ALREADY_REPLACED, without a write', async () => {
    const { callsOf, replace, putBehindItsBack } = await startReplacing();
    await putBehindItsBack('r001', 'new');
    const calls = await callsOf(async () => {
      const { data } = await replace({ stages: [prod('r001')] });
      expect(statuses(data.result.outcomes)).toEqual({ r001: 'ALREADY_REPLACED' });
    });
    expect(calls.slice(2)).toEqual([GET]);
  });
});

describe('what was deleted meanwhile', () => {
  const deletions = {
    stage: new DeleteStageCommand({ restApiId: 'r001', stageName: 'prod' }),
    API: new DeleteRestApiCommand({ restApiId: 'r001' }),
  };

  test.for(['stage', 'API'] as const)('a %s is GONE, and the index knows', async (what) => {
    const { client, replace, query } = await startReplacing();
    await (what === 'stage' ? client.send(deletions.stage) : client.send(deletions.API));
    const { data } = await replace();
    expect(statuses(data.result.outcomes)).toEqual({ r000: 'REPLACED', r001: 'GONE', r002: 'REPLACED' });
    expect(data.result.remaining).toBe(0);
    const after = await query(`{ node(id: "${prod('r001')}") { id } apiStages { totalCount } }`);
    expect(after.data).toEqual({ node: null, apiStages: { totalCount: 2 } });
    expect(statuses((await replace()).data.result.outcomes)).not.toHaveProperty('r001');
  });

  test('between the read and the write is GONE as well', async () => {
    const { client, fail, replace } = await startReplacing();
    const { promise: deleted, resolve } = Promise.withResolvers<void>();
    fail((operation, labels) => {
      if (operation !== GET || labels['restApiId'] !== 'r001') return undefined;
      fail(() => undefined);
      // the answer was found before
      setImmediate(() => client.send(deletions.stage).then(() => resolve()));
      return { kind: 'held', until: deleted };
    });
    const { data } = await replace({ stages: [prod('r001')] });
    expect(statuses(data.result.outcomes)).toEqual({ r001: 'GONE' });
  });

  const missing: Fault = {
    kind: 'error',
    error: new AwsError(404, 'NotFoundException', 'Client certificate id does not exist'),
  };

  test('the new certificate, is FAILED, and what does not exist is named', async () => {
    const { fail, replace } = await startReplacing();
    fail(on(UPDATE, 'r001', missing));
    const { data } = await replace();
    expect(statuses(data.result.outcomes)).toEqual({ r000: 'REPLACED', r001: 'FAILED', r002: 'REPLACED' });
    expect(of(data.result.outcomes, 'r001')).toMatchObject({
      error: { code: 'NOT_FOUND', message: 'There is no such client certificate.' },
    });
  });

  test('or the stage, which cannot be read: either may be what does not exist, and the index stays complete', async () => {
    const { fail, replace } = await startReplacing();
    fail((operation, { restApiId }) => {
      if (operation !== UPDATE || restApiId !== 'r001') return undefined;
      fail(on(GET, 'r001', denied));
      return missing;
    });
    const { data } = await replace();
    expect(of(data.result.outcomes, 'r001')).toMatchObject({
      status: 'FAILED',
      error: { code: 'NOT_FOUND', message: 'There is no such stage or client certificate.' },
    });
    expect(data.result.index.complete).toBe(true);
  });
});

describe('more than fits in one operation', () => {
  test('is NOT_TRIED and remains; the same request again and again does all of it', async () => {
    const { callsOf, replace } = await startReplacing({
      restApis: restApis(60, () => [{ stageName: 'prod', clientCertificateId: 'old' }]),
    });
    const counts: unknown[] = [];
    for (let i = 0; i < 4; i += 1) {
      const calls = await callsOf(async () => {
        const { data } = await replace();
        const all = Object.values(statuses(data.result.outcomes));
        const count = (status: string) => all.filter((one) => one === status).length;
        counts.push([
          count('ALREADY_REPLACED'),
          count('REPLACED'),
          count('NOT_TRIED'),
          data.result.remaining,
        ]);
      });
      expect(calls.length).toBeLessThanOrEqual(50);
    }
    expect(counts).toEqual([
      [0, 23, 37, 37],
      [23, 23, 14, 14],
      [46, 14, 0, 0],
      [60, 0, 0, 0],
    ]);
  });

  test('is what there is no time for: no stage is begun that may not be finished', async () => {
    const { callsOf, replace } = await startReplacing({ env: { REQUEST_TIMEOUT_MS: '1900' } });
    const calls = await callsOf(async () => {
      const { data } = await replace();
      expect(new Set(Object.values(statuses(data.result.outcomes)))).toEqual(new Set(['NOT_TRIED']));
      expect(data.result.remaining).toBe(3);
    });
    expect(calls).not.toContain(GET);
  });

  test('is what comes after its client has left', async () => {
    const { ask, fail, calls, truth } = await startReplacing();
    const { promise, resolve } = Promise.withResolvers<void>();
    fail((operation) => (operation === UPDATE ? { kind: 'held', until: promise } : undefined));
    const { leave, ended } = ask();
    await until(() => expect(calls).toContain(UPDATE));
    leave();
    resolve();
    await ended;
    await until(async () => expect(await truth('r000')).toBe('new'));
    expect(calls.filter((operation) => operation === UPDATE)).toHaveLength(1);
  });
});

test('an index that is not complete is said to be, and what is known is replaced', async () => {
  const { replace } = await startReplacing({
    restApis: withOld('r000', 'r001'),
    fault: (operation, labels) =>
      operation === 'GetStages' && labels['restApiId'] === 'r001' ? denied : undefined,
  });
  const { data } = await replace();
  expect(statuses(data.result.outcomes)).toEqual({ r000: 'REPLACED' });
  expect(data.result).toMatchObject({ remaining: 0, index: { complete: false } });
});

test('two that replace at once leave every stage with the new certificate', async () => {
  const { replace, replica, truth } = await startReplacing();
  const other = await replica();
  const answers = await Promise.all([replace(), other.replace()]);
  for (const { data } of answers)
    for (const status of Object.values(statuses(data.result.outcomes)))
      expect(['REPLACED', 'ALREADY_REPLACED']).toContain(status);
  expect([await truth('r000'), await truth('r001'), await truth('r002')]).toEqual(['new', 'new', 'new']);
});
