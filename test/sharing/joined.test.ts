import { GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import {
  COUNT,
  failed,
  GET,
  LIST,
  lookup,
  page,
  startSharing,
  throttled,
  turns,
  UPDATE,
  until,
} from '../support/sharing.ts';

const FOUND = { data: { clientCertificate: { clientCertificateId: 'c001', description: null } } };

describe('identical reads at once', () => {
  test.for([
    [lookup('c001'), GET],
    [page(2), LIST],
    [COUNT, LIST],
  ] as const)('are one call: %s', async ([text, call]) => {
    const { calls, hold, arrived, query, metrics, operations } = await startSharing();
    const release = hold();
    const first = query(text);
    await arrived(1);
    const others = Array.from({ length: 5 }, () => query(text));
    await turns();
    release();
    const answers = await Promise.all([first, ...others]);
    expect(calls).toEqual([call]);
    expect(answers.map(({ data }) => data)).toEqual(answers.map(() => answers[0]?.data));
    expect(answers.map(({ extensions }) => extensions)).toEqual([
      { cost: { awsCalls: { made: 1, joined: 0, reused: 0 } } },
      ...others.map(() => ({ cost: { awsCalls: { made: 0, joined: 1, reused: 0 } } })),
    ]);
    expect(await metrics.text()).toContain('certway_aws_reads_saved_total{how="joined"} 5');
    expect(operations.filter(({ awsCalls }) => awsCalls === 1)).toHaveLength(1);
  });

  test('fail together, each with its own path', async () => {
    const { calls, fail, hold, arrived, query } = await startSharing({ env: { CACHE_STALE_MS: '0' } });
    const release = hold();
    const before = query(lookup('c002'));
    await arrived(1);
    fail(() => failed);
    const answers = ['a', 'b', 'c'].map((alias) =>
      query(`{ ${alias}: clientCertificate(id: "c001") { clientCertificateId } }`),
    );
    await turns();
    release();
    await before;
    const [a, b, c] = await Promise.all(answers);
    expect(calls).toEqual([GET, GET, GET, GET]);
    for (const [answer, path] of [
      [a, 'a'],
      [b, 'b'],
      [c, 'c'],
    ] as const)
      expect(answer?.errors).toMatchObject([{ path: [path], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });
});

describe('a client that disconnects', () => {
  test('does not end a read that others wait for, even if it asked first', async () => {
    const { calls, hold, arrived, ask, operations } = await startSharing();
    const release = hold();
    const first = ask(lookup('c001'));
    await arrived(1);
    const second = ask(lookup('c001'));
    await turns();
    first.leave();
    expect(await first.answer).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }] });
    release();
    expect(await second.answer).toMatchObject(FOUND);
    expect(calls).toEqual([GET]);
    expect(operations).toHaveLength(2);
  });

  test('ends the read if it was the last waiter, and the next client gets a new read', async () => {
    const { calls, hold, arrived, ask, query, metrics } = await startSharing();
    hold();
    const [first, second] = [ask(lookup('c001')), ask(lookup('c001'))];
    await arrived(1);
    first.leave();
    second.leave();
    await Promise.all([first.answer, second.answer]);
    await until(async () => expect(await metrics.text()).toContain('outcome="UPSTREAM_TIMEOUT"'));
    expect(await query(lookup('c001'))).toMatchObject(FOUND);
    expect(calls).toEqual([GET, GET]);
  });

  test('during the pause before a retry leaves nobody waiting for the retry', async () => {
    const { calls, fail, ask, query, metrics } = await startSharing({ retryPauseMs: 10_000 });
    fail(() => throttled);
    const first = ask(lookup('c001'));
    await until(async () => expect(await metrics.text()).toContain('outcome="THROTTLED"'));
    calls.length = 0;
    fail(() => undefined);
    first.leave();
    const second = query(lookup('c001'));
    expect(await second).toMatchObject(FOUND);
    await first.answer;
    expect(calls).toEqual([GET]);
  });

  test('during a mutation causes no unexpected error', async () => {
    const { calls, hold, arrived, ask, log, client, operations } = await startSharing();
    const release = hold(UPDATE);
    const tag = `mutation { updateClientCertificate(input: { id: "c001", description: "new" }) { __typename }
      tagClientCertificate(input: { id: "c001", tags: [{ key: "a", value: "b" }] }) {
        ... on TagClientCertificatePayload { clientCertificate { id } }
      } }`;
    const { answer, leave } = ask(tag);
    await arrived(1);
    leave();
    release();
    await answer;
    expect(calls).toEqual([UPDATE, 'TagResource']);
    expect(log.filter(({ msg }) => msg === 'unexpected error')).toEqual([]);
    expect(operations).toMatchObject([{ errors: ['UPSTREAM_TIMEOUT'] }]);
    const { items = [] } = await client.send(new GetClientCertificatesCommand({}));
    expect(items[1]).toMatchObject({ description: 'new', tags: { a: 'b' } });
  });
});

test('parallel waiting times of an operation count once', async () => {
  const { arrived, query, fail, operations, pass } = await startSharing({ count: 30 });
  const { promise: until, resolve: release } = Promise.withResolvers<void>();
  fail(() => ({ kind: 'held', until }));
  const lookups = Array.from({ length: 25 }, (_, i) => `a${i}: clientCertificate(id: "c0${10 + i}") { id }`);
  const answer = query(`{ ${lookups.join(' ')} }`);
  await arrived(1);
  await pass(100);
  release();
  await answer;
  expect(operations).toMatchObject([{ awsMs: 100, durationMs: 100 }]);
});
