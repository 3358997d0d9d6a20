import { expect, test } from 'vitest';
import { PLACES, startEverywhere } from '../everywhere/support.ts';
import { COUNT, denied, GET, LIST, lookup, page, startSharing, turns, update } from '../support/sharing.ts';

const made = { extensions: { cost: { awsCalls: { made: 1 } } } };
const reused = { extensions: { cost: { awsCalls: { made: 0, reused: 1 } } } };

test.for([
  [lookup('c001'), GET],
  [page(2), LIST],
  [COUNT, LIST],
] as const)(
  'an answer that is used shortly before it is too old is read again, so that nobody waits: %s',
  async ([text, call]) => {
    const { query, pass, arrived, calls } = await startSharing();
    expect(await query(text)).toMatchObject(made);
    pass(900);
    expect(await query(text)).toMatchObject(reused);
    await arrived(2);
    await turns();
    pass(800);
    expect(await query(text)).toMatchObject(reused);
    expect(calls).toEqual([call, call]);
  },
);

test('an answer that nobody uses then is not read again', async () => {
  const { query, pass, calls } = await startSharing();
  await query(lookup('c001'));
  pass(899);
  await query(lookup('c001'));
  await turns();
  expect(calls).toEqual([GET]);
});

test('it is read once, however many use it, and they use the old one until the new one is there', async () => {
  const { query, pass, hold, arrived, calls } = await startSharing();
  await query(COUNT);
  const release = hold();
  pass(900);
  await Promise.all([query(COUNT), query(COUNT)]);
  await arrived(2);
  expect(await query(COUNT)).toMatchObject(reused);
  release();
  await turns();
  expect(calls).toEqual([LIST, LIST]);
});

test('a request that comes too late waits for the read ahead', async () => {
  const { query, pass, hold, arrived, calls } = await startSharing();
  await query(COUNT);
  const release = hold();
  pass(950);
  await query(COUNT);
  await arrived(2);
  pass(50);
  const waiting = query(COUNT);
  await turns();
  release();
  expect(await waiting).toMatchObject({ extensions: { cost: { awsCalls: { made: 0, joined: 1 } } } });
  expect(calls).toEqual([LIST, LIST]);
});

test('an answer that a write has overtaken meanwhile is not used', async () => {
  const { query, pass, hold, arrived } = await startSharing();
  await query(lookup('c001'));
  const release = hold(GET);
  pass(900);
  await query(lookup('c001'));
  await arrived(2);
  await query(update('c001', 'new'));
  release();
  await turns();
  expect((await query(lookup('c001'))).data.clientCertificate.description).toBe('new');
});

test('a failure changes nothing for those who use the old answer', async () => {
  const { query, pass, fail, arrived } = await startSharing({ env: { CACHE_STALE_MS: '0' } });
  await query(COUNT);
  fail(() => ({ kind: 'no-answer' }));
  pass(900);
  await query(COUNT);
  await arrived(2);
  await turns();
  expect(await query(COUNT)).toMatchObject(reused);
});

test('it is read once, too, for responses that are reused', async () => {
  const { query, pass, arrived, calls } = await startSharing({ env: { EXPOSE_COST: 'false' } });
  for (let i = 0; i < 3; i += 1) await query(COUNT);
  pass(900);
  await query(COUNT);
  await arrived(2);
  for (let i = 0; i < 5; i += 1) {
    await turns();
    await query(COUNT);
  }
  expect(calls).toEqual([LIST, LIST]);
});

test('AWS is not asked again because it refused', async () => {
  const { query, pass, fail, arrived, calls } = await startSharing();
  await query(COUNT);
  fail(() => denied);
  pass(900);
  for (let i = 0; i < 5; i += 1) {
    expect(await query(COUNT)).toMatchObject(reused);
    await arrived(2);
    await turns();
  }
  expect(calls).toEqual([LIST, LIST]);
});

test('other questions do not wait for it', async () => {
  const { query, pass, hold, arrived, calls } = await startSharing();
  await query(lookup('c001'));
  const release = hold();
  pass(900);
  await query(lookup('c001'));
  await arrived(2);
  expect(await query(lookup('c002'))).toMatchObject(made);
  release();
  expect(calls).toEqual([GET, GET, LIST]);
});

test('it goes on when another read ends', async () => {
  const { query, pass, hold, calls } = await startSharing({ count: 1501 });
  await query(COUNT); // so many that each lookup is a call of its own
  pass(2000);
  await query(lookup('c001'));
  calls.length = 0;
  const release = hold();
  pass(900);
  await Promise.all([query(lookup('c001')), query(lookup('c002'))]);
  await query(lookup('c001'));
  await turns();
  release();
  await turns();
  pass(300);
  expect(await query(lookup('c001'))).toMatchObject(reused);
  expect(calls).toEqual([GET, GET]);
});

test('a collection of several pages is not read again', async () => {
  const { query, pass, calls } = await startSharing({ count: 501 });
  await query(COUNT);
  pass(900);
  await query(COUNT);
  await turns();
  expect(calls).toEqual([LIST, LIST]);
});

test('nothing is read ahead where there are several accounts and regions', async () => {
  const { query, pass, calls } = await startEverywhere({ env: { CACHE_TTL_MS: '1000' } });
  await query(COUNT);
  const made = [...calls];
  pass(900);
  await query(COUNT);
  await turns();
  expect(made.length).toBeGreaterThan(PLACES.length);
  expect(calls).toEqual(made);
});
