import { describe, expect, test } from 'vitest';
import { encodePosition } from '../../src/emulator/position.ts';
import { failed, GET, LIST, lookup, page, startSharing, throttled, turns } from '../support/sharing.ts';

const start = (calls: number, options: Parameters<typeof startSharing>[0] = {}) =>
  startSharing({
    ...options,
    env: {
      MAX_UPSTREAM_CALLS_PER_OPERATION: `${calls}`,
      CACHE_TTL_MS: '0',
      CACHE_STALE_MS: '0',
      ...options.env,
    },
  });

const TOO_MANY = { extensions: { code: 'TOO_MANY_UPSTREAM_CALLS' } };

describe('an operation that would need too many AWS calls', () => {
  test('makes no more than it may, and gets an error', async () => {
    const { query, calls, operations, fail } = await start(2);
    fail(() => ({
      kind: 'change',
      change: () => ({ item: [], position: encodePosition(`c${calls.length}`) }),
    }));
    const { data, errors, extensions } = await query(`{
      ok: __typename
      one: clientCertificates(first: 3) { nodes { clientCertificateId } }
    }`);
    expect(data).toBeNull();
    expect(errors).toMatchObject([TOO_MANY]);
    expect(errors?.[0]?.message).toContain('2 times');
    expect(calls).toEqual([LIST, LIST]);
    expect(extensions).toEqual({ cost: { awsCalls: { made: 2, joined: 0, reused: 0 } } });
    expect(operations).toMatchObject([{ awsCalls: 2, errors: ['TOO_MANY_UPSTREAM_CALLS'] }]);
  });

  test('gets the lookups that its calls were enough for', async () => {
    const { query, calls } = await start(2, { count: 501, env: { MAX_COLLECTION_PAGES: '1' } });
    await query('{ clientCertificates { totalCount } }'); // from now on it is known that the whole list is too long
    calls.length = 0;
    const { data, errors } = await query(`{
      a: clientCertificate(id: "c000") { clientCertificateId }
      b: clientCertificate(id: "c001") { clientCertificateId }
      c: clientCertificate(id: "c002") { clientCertificateId }
    }`);
    expect(calls).toEqual([GET, GET]);
    expect(Object.values(data).filter((found) => found !== null)).toHaveLength(2);
    expect(errors).toMatchObject([TOO_MANY]);
  });

  test('counts its retries', async () => {
    const { query, calls, fail } = await start(2);
    fail(() => failed);
    expect((await query(lookup('c001'))).errors).toMatchObject([TOO_MANY]);
    expect(calls).toEqual([GET, GET]);
  });

  test('does not make operations fail that joined its read', async () => {
    const { query, calls, fail, hold, arrived } = await start(1);
    const release = hold();
    const before = query(lookup('c000'));
    await arrived(1);
    const both = [query(lookup('c001')), query(lookup('c001'))];
    await turns();
    const faults = [throttled];
    fail(() => faults.shift());
    release();
    await before;
    const [payer, other] = await Promise.all(both);
    expect(payer?.errors).toMatchObject([TOO_MANY]);
    expect(other?.data).toMatchObject({ clientCertificate: { clientCertificateId: 'c001' } });
    expect(calls).toEqual([GET, GET, GET]);
  });
});

test('more mutations than allowed calls are refused before the first', async () => {
  const { query, calls } = await start(2);
  const generate = (count: number) =>
    `mutation { ${Array.from({ length: count }, (_, i) => `m${i}: generateClientCertificate(input: {}) { __typename }`).join(' ')} }`;
  expect(await query(generate(3))).toMatchObject({
    errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }],
  });
  expect(calls).toEqual([]);
  expect(await query(generate(2))).not.toHaveProperty('errors');
  expect(calls).toHaveLength(2);
});

test('another operation has calls of its own', async () => {
  const { query } = await start(1);
  await query(page(2));
  expect(await query(page(2))).not.toHaveProperty('errors');
});
