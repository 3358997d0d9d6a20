import { expect, test } from 'vitest';
import { createCallBudget, type Urgency } from '../../src/aws/call-budget.ts';
import { createServiceClock } from '../support/clock.ts';
import { GET, LIST, lookup, startSharing, turns, UPDATE, until, update } from '../support/sharing.ts';

const never = new AbortController().signal;

/** Takes all calls that are available at once, and records the order in which calls may be made. */
function start(perSecond: number) {
  const clock = createServiceClock();
  const heldBack: string[] = [];
  const budget = createCallBudget({ perSecond, ...clock, onHeldBack: (how) => heldBack.push(how) });
  const granted: string[] = [];
  const refused: unknown[] = [];
  const take = (urgency: Urgency, name: string = urgency, { signal = never, client = 'one' } = {}) =>
    void budget.take(urgency, client, signal).then(
      () => granted.push(name),
      ({ code, extensions }) => refused.push({ code, after: extensions.retryAfterSeconds }),
    );
  const takeBurst = async () => {
    for (let i = 0; i < 4 * perSecond; i += 1) take('read');
    await turns();
    return granted.splice(0).length;
  };
  return { ...clock, granted, heldBack, refused, take, takeBurst };
}

test('the calls of four seconds may be made at once, and further ones at the configured rate', async () => {
  const { granted, heldBack, pass, take, takeBurst } = start(5);
  expect(await takeBurst()).toBe(20);
  expect(heldBack).toEqual([]);
  for (let i = 0; i < 10; i += 1) take('read');
  await turns();
  expect(granted).toEqual([]);
  expect(heldBack).toHaveLength(10);
  for (const [ms, count] of [
    [199, 0],
    [1, 1],
    [200, 2],
    [1000, 7],
    [5000, 10],
  ] as const) {
    await pass(ms);
    expect(granted).toHaveLength(count);
  }
});

test('writes go before reads, and reads before background reads', async () => {
  const { granted, pass, take, takeBurst } = start(1);
  await takeBurst();
  for (const urgency of ['background', 'read', 'write', 'background', 'read', 'write'] as const)
    take(urgency);
  for (let second = 0; second < 6; second += 1) await pass(1000);
  expect(granted).toEqual(['write', 'write', 'read', 'read', 'background', 'background']);
});

test('endless writes do not keep a read waiting', async () => {
  const { granted, pass, take, takeBurst } = start(1);
  await takeBurst();
  for (let i = 0; i < 6; i += 1) take('write');
  take('read');
  for (let second = 0; second < 7; second += 1) await pass(1000);
  expect(granted).toEqual(['write', 'write', 'write', 'write', 'read', 'write', 'write']);
});

test('a write that arrives as a call becomes available does not take it from a read that is due', async () => {
  const { granted, pass, take, takeBurst } = start(1);
  await takeBurst();
  take('read');
  for (let second = 0; second < 8; second += 1) {
    take('write');
    await pass(1000);
  }
  expect(granted.filter((urgency) => urgency === 'read')).toHaveLength(1);
});

test('endless writes do not keep background reads waiting', async () => {
  const { granted, pass, take, takeBurst } = start(1);
  await takeBurst();
  for (let i = 0; i < 9; i += 1) take('write');
  take('background');
  for (let second = 0; second < 5; second += 1) await pass(1000);
  expect(granted).toEqual(['write', 'write', 'write', 'write', 'background']);
});

test.for(['write', 'read'] as const)(
  'a client with many calls does not delay the %s of another client',
  async (urgency) => {
    const { granted, pass, refused, take, takeBurst } = start(1);
    await takeBurst();
    for (let i = 0; i < 20; i += 1) take(urgency, 'many', { client: 'many' });
    for (const name of ['first', 'second']) take(urgency, name, { client: 'few' });
    await turns();
    expect(refused).toHaveLength(10);
    for (let second = 0; second < 5; second += 1) await pass(1000);
    expect(granted).toEqual(['many', 'first', 'many', 'second', 'many']);
  },
);

test('a read is not refused, however many writes wait', async () => {
  const { refused, take, takeBurst } = start(1);
  await takeBurst();
  for (let i = 0; i < 10; i += 1) take('write');
  take('read');
  await turns();
  expect(refused).toEqual([]);
});

test('a call that would wait for more than ten seconds is refused, and the error says when to try again', async () => {
  const { granted, heldBack, pass, refused, take, takeBurst } = start(2);
  await takeBurst();
  for (let i = 0; i < 25; i += 1) take('read');
  take('background');
  await turns();
  expect(refused).toEqual(Array.from({ length: 6 }, () => ({ code: 'THROTTLED', after: 10 })));
  expect(heldBack.filter((how) => how === 'refused')).toHaveLength(6);
  take('write', 'a change in spite of that');
  await pass(500);
  expect(granted).toEqual(['a change in spite of that']);
});

test('a client that leaves while it waits uses up no call', async () => {
  const { granted, pass, refused, take, takeBurst } = start(1);
  await takeBurst();
  const gone = new AbortController();
  take('read', 'gone', { signal: gone.signal });
  take('read', 'there');
  gone.abort();
  await pass(1000);
  expect(granted).toEqual(['there']);
  expect(refused).toEqual([{ code: 'UPSTREAM_TIMEOUT', after: undefined }]);
});

test('a budget of 0 is unlimited', async () => {
  const { granted, take } = start(0);
  for (let i = 0; i < 1000; i += 1) take('read');
  await turns();
  expect(granted).toHaveLength(1000);
});

const oneEach = { CACHE_TTL_MS: '0', CACHE_STALE_MS: '0', UPSTREAM_CALLS_PER_SECOND: '1' };

test('writes and retries count, and a write is not sent once its time is over', async () => {
  const { calls, metrics, pass, query } = await startSharing({
    env: { ...oneEach, REQUEST_TIMEOUT_MS: '300' },
  });
  for (let i = 0; i < 4; i += 1) await query(update('c000', `number ${i}`));
  calls.length = 0;
  const answer = query('mutation { generateClientCertificate(input: {}) { __typename } }');
  await until(async () =>
    expect(await metrics.text()).toContain('certway_aws_calls_held_back_total{how="waited"} 1'),
  );
  await pass(300);
  const { errors } = await answer;
  expect(errors).toMatchObject([
    {
      message:
        'The operation timed out before AWS was asked, since this service bounds how many AWS calls it makes.',
      extensions: { code: 'UPSTREAM_TIMEOUT' },
    },
  ]);
  expect(calls).toEqual([]);
});

test('a write overtakes waiting reads, and later reads see it', async () => {
  const { calls, pass, query } = await startSharing({ env: oneEach });
  for (let i = 0; i < 4; i += 1) await query(lookup('c000'));
  calls.length = 0;
  const read = query(lookup('c001'));
  await turns();
  const written = query(update('c001', 'new'));
  await turns();
  pass(1000);
  expect(await written).toMatchObject({ data: { updateClientCertificate: {} } });
  expect(calls).toEqual([UPDATE]);
  const after = query(lookup('c001'));
  pass(2000);
  await read;
  expect(await after).toMatchObject({ data: { clientCertificate: { description: 'new' } } });
});

test('a read that waits for its call is not outdated by writes, and is made once for all operations that want it', async () => {
  const { calls, pass, query } = await startSharing({ env: oneEach });
  for (let i = 0; i < 4; i += 1) await query(lookup('c000'));
  calls.length = 0;
  const reads = [query(lookup('c001'))];
  await turns();
  for (const description of ['one', 'two']) {
    const written = query(update('c001', description));
    await turns();
    pass(1000);
    await written;
    reads.push(query(lookup('c001')));
    await turns();
  }
  pass(1000);
  for (const read of await Promise.all(reads))
    expect(read).toMatchObject({ data: { clientCertificate: { description: 'two' } } });
  expect(calls).toEqual([UPDATE, UPDATE, GET]);
});

test('a client that requests one certificate after another causes a read of the whole list once that is cheaper', async () => {
  const { calls, pass, query } = await startSharing({ count: 40 });
  const ask = async (from: number) => {
    for (let i = 0; i < 10; i += 1) await query(lookup(`c0${from + i}`));
  };
  await ask(10);
  expect(calls).toEqual([GET, GET, LIST]);
  pass(1001);
  await ask(20);
  expect(calls).toEqual([GET, GET, LIST, LIST]);
  pass(5000);
  await query(lookup('c005'));
  expect(calls).toEqual([GET, GET, LIST, LIST, GET]);
});
