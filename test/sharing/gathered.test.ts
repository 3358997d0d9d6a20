import { describe, expect, test } from 'vitest';
import { COUNT, GET, LIST, lookup, page, startSharing, turns } from '../support/sharing.ts';

const ids = (answers: { data: { clientCertificate: { clientCertificateId: string } } }[]) =>
  answers.map(({ data }) => data.clientCertificate.clientCertificateId);

test('a quiet service makes one AWS call per request', async () => {
  const { query, calls, pass } = await startSharing({ count: 10 });
  let after: string | undefined;
  for (const text of [lookup('c001'), lookup('c009'), lookup('none')]) {
    await query(text);
    pass(1000);
  }
  for (let i = 0; i < 2; i += 1) {
    const { data } = await query(page(4, after));
    after = data.clientCertificates.pageInfo.endCursor;
    pass(1000);
  }
  expect(calls).toEqual([GET, GET, GET, LIST, LIST]);
});

test('different certificates that operations request at once are one read of the whole collection', async () => {
  const { query, calls } = await startSharing({ count: 10 });
  const answers = await Promise.all([query(lookup('c001')), query(page(2)), query(lookup('none'))]);
  expect(calls).toEqual([LIST]);
  expect(answers.map(({ extensions }) => extensions.cost.awsCalls.made).toSorted()).toEqual([0, 0, 1]);
  expect(answers.map(({ data }) => data)).toMatchObject([
    { clientCertificate: { clientCertificateId: 'c001' } },
    { clientCertificates: { nodes: [{ clientCertificateId: 'c000' }, { clientCertificateId: 'c001' }] } },
    { clientCertificate: null },
  ]);
});

test('requests during a read are gathered until it ends', async () => {
  const { query, calls, hold, arrived } = await startSharing({ count: 10 });
  const release = hold();
  const first = query(lookup('c000'));
  await arrived(1);
  const others = ['c001', 'c002', 'c003'].map((id) => query(lookup(id)));
  await turns();
  expect(calls).toEqual([GET]);
  release();
  await first;
  expect(ids(await Promise.all(others))).toEqual(['c001', 'c002', 'c003']);
  expect(calls).toEqual([GET, LIST]);
});

test('in busy times a single request reads the whole collection too, which answers others', async () => {
  const { query, calls, pass, hold, arrived } = await startSharing({ count: 10 });
  await Promise.all([query(lookup('c001')), query(lookup('c002'))]);
  pass(1000);
  const release = hold();
  const first = query(lookup('c003'));
  await arrived(2);
  const other = query(page(2));
  await turns();
  release();
  await Promise.all([first, other]);
  pass(1000);
  await query(lookup('none'));
  expect(calls).toEqual([LIST, LIST, LIST]);
});

test('busy times end after two TTLs without different requests at once', async () => {
  const { query, calls, pass } = await startSharing({ count: 10 });
  await Promise.all([query(lookup('c001')), query(lookup('c002'))]);
  pass(1999);
  await query(lookup('c003'));
  pass(1000);
  await query(lookup('c004'));
  expect(calls).toEqual([LIST, LIST, GET]);
});

test('a single request that waited is read alone', async () => {
  const { query, calls, hold, arrived } = await startSharing({ count: 10 });
  const release = hold();
  const first = query(lookup('c000'));
  await arrived(1);
  const others = [query(lookup('c001')), query(lookup('c001'))];
  await turns();
  release();
  await Promise.all([first, ...others]);
  expect(calls).toEqual([GET, GET]);
});

test('other requests do not wait for a read that hangs', async () => {
  const { query, calls, hold, arrived, pass } = await startSharing({ count: 10, slowMs: 500 });
  const release = hold();
  const first = query(lookup('c000'));
  await arrived(1);
  const others = ['c001', 'c002'].map((id) => query(lookup(id)));
  await turns();
  pass(499);
  await turns();
  expect(calls).toEqual([GET]);
  pass(1);
  expect(ids(await Promise.all(others))).toEqual(['c001', 'c002']);
  expect(calls).toEqual([GET, LIST]);
  expect(await query(lookup('c000'))).toMatchObject({ extensions: { cost: { awsCalls: { made: 0 } } } });
  release();
  expect(ids([await first])).toEqual(['c000']);
});

describe('a collection of many pages', () => {
  const MANY = 1001;
  const READ_ALL = [LIST, LIST, LIST];

  test('is read item by item if there are fewer items than pages, and otherwise as a whole', async () => {
    const { query, calls, pass } = await startSharing({ count: MANY });
    await query(COUNT);
    expect(calls).toEqual(READ_ALL);
    const ask = async (...wanted: string[]) => {
      pass(1000);
      calls.length = 0;
      const answers = await Promise.all(wanted.map((id) => query(lookup(id))));
      expect(ids(answers)).toEqual(wanted);
      return calls;
    };
    expect(await ask('c001', 'c900')).toEqual([GET, GET]);
    expect(await ask('c001', 'c002', 'c003', 'c900')).toEqual([LIST, LIST]);
    expect(await ask('c001', 'c002', 'c003', 'c999')).toEqual(READ_ALL);
  });

  test('is read only until every waiter has an answer', async () => {
    const { query, calls } = await startSharing({ count: MANY });
    await Promise.all([query(lookup('c001')), query(lookup('c002'))]);
    expect(calls).toEqual([LIST]);
  });

  test('does not count as a slow read while each of its pages arrives in time', async () => {
    const { query, calls, fail, arrived, pass } = await startSharing({ count: 2001, slowMs: 500 });
    let release = () => {};
    fail(() => {
      const { promise: until, resolve } = Promise.withResolvers<void>();
      release = resolve;
      return { kind: 'held', until };
    });
    const first = query(COUNT);
    for (const page of [1, 2, 3, 4, 5]) {
      await arrived(page);
      pass(499);
      if (page < 5) release();
    }
    const second = query(COUNT);
    await turns();
    release();
    expect((await second).data).toEqual((await first).data);
    expect(calls).toEqual(Array(5).fill(LIST));
  });

  test('that is too large does not make other gathered requests fail', async () => {
    const { query, calls } = await startSharing({ count: MANY, env: { MAX_COLLECTION_PAGES: '1' } });
    const [all, one, last, some] = await Promise.all([
      query(COUNT),
      query(lookup('c001')),
      query(lookup('c999')),
      query(page(2)),
    ]);
    expect(all?.errors).toMatchObject([{ extensions: { code: 'COLLECTION_TOO_LARGE' } }]);
    expect(one?.data.clientCertificate).toMatchObject({ clientCertificateId: 'c001' });
    expect(last?.data.clientCertificate).toMatchObject({ clientCertificateId: 'c999' });
    expect(some?.data.clientCertificates.nodes).toHaveLength(2);
    expect(calls.toSorted()).toEqual([GET, LIST, LIST]);
    calls.length = 0;
    const ids = ['c003', 'c004', 'c700'];
    await Promise.all(ids.map((id) => query(lookup(id))));
    expect(calls.filter((call) => call === LIST)).toEqual([]);
  });

  test('is not walked for long to find a few items', async () => {
    const { query, calls } = await startSharing({
      count: 2001,
      env: { MAX_UPSTREAM_CALLS_PER_OPERATION: '4' },
    });
    const wanted = ['c998', 'c999'];
    expect(ids(await Promise.all(wanted.map((id) => query(lookup(id)))))).toEqual(wanted);
    expect(calls).toEqual([LIST, LIST, GET, GET]);
    calls.length = 0;
    expect(await query(COUNT)).toMatchObject({
      errors: [{ extensions: { code: 'TOO_MANY_UPSTREAM_CALLS' } }],
    });
  });

  test('is read to the end for a waiter that wants that, although it was gathered for others', async () => {
    const { query, calls, arrived, hold } = await startSharing({ count: MANY });
    const release = hold();
    const others = ['c998', 'c999'].map((id) => query(lookup(id)));
    await arrived(1);
    const all = query(COUNT);
    await turns();
    release();
    expect(ids(await Promise.all(others))).toEqual(['c998', 'c999']);
    expect((await all).data.clientCertificates).toEqual({ totalCount: MANY });
    expect(calls).toEqual([LIST, LIST, ...READ_ALL]);
  });
});
