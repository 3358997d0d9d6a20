import { expect, test } from 'vitest';
import { sliceOfPages } from '../../src/relay/pages.ts';
import { parseWindow } from '../../src/relay/window.ts';
import { examples, startService } from '../support/service.ts';

const AFTER =
  'query ($after: String) { clientCertificates(after: $after) { nodes { clientCertificateId } } }';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function cursorOfAnotherType(): Promise<string> {
  const page = async () => ({ items: ['c000'] });
  const apiKeys = { type: 'ApiKey', idOf: String, digest: '' };
  const { edges } = await sliceOfPages(apiKeys, parseWindow(apiKeys, {}), page);
  return edges[0]?.cursor ?? '';
}

/** A cursor in the service's own form, with these parts. */
const cursor = (position: unknown, place: unknown, ids: unknown) =>
  base64url(['ClientCertificate', '', position, place, null, ids]);

const OWN = cursor(null, 1, ['c000']);

const REFUSED: [string, string][] = [
  ['is empty', ''],
  ['is not base64', 'not a cursor!'],
  ['is base64 of rubbish', Buffer.from('rubbish').toString('base64url')],
  ['is base64 of bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]).toString('base64url')],
  ['is base64 of other JSON', base64url({ type: 'ClientCertificate' })],
  ['is base64 of deep JSON', Buffer.from('['.repeat(50_000)).toString('base64url')],
  ['has 10 kB', 'a'.repeat(10_000)],
  ['belongs to another type', await cursorOfAnotherType()],
  ['has no type', base64url([null, '', null, 1, null, ['c000']])],
  ['lacks a member', base64url(['ClientCertificate', '', null, 1, null])],
  ['has one member more', base64url(['ClientCertificate', '', null, 1, null, ['c000'], 0])],
  ['has a negative place', cursor(null, -1, ['c000'])],
  ['has a place beyond a page', cursor(null, 501, ['c000'])],
  ['has half a place', cursor(null, 0.5, ['c000'])],
  ['has a place in words', cursor(null, '1', ['c000'])],
  ['has an empty position', cursor('', 1, ['c000'])],
  ['has half a surrogate pair as position', cursor('a\ud83d', 1, ['c000'])],
  ['has a number as position', cursor(5, 1, ['c000'])],
  ['has a number as id', cursor(null, 1, [5])],
  ['has no id', cursor(null, 1, [])],
  ['has more ids than any cursor of the service', cursor(null, 1, ['a', 'b', 'c', 'd', 'e'])],
  ['has the digest of a filter', base64url(['ClientCertificate', 'abc', null, 1, null, ['c000']])],
  ['has an invalid sort key', base64url(['ClientCertificate', '', null, 1, {}, ['c000']])],
  [
    'was written with other blanks',
    Buffer.from('["ClientCertificate", "", null, 1, null, ["c000"]]').toString('base64url'),
  ],
  ['was cut off', OWN.slice(0, -1)],
  ['was made longer', `${OWN}A`],
  ['was padded', `${OWN}=`],
  ['is a global id', Buffer.from('ClientCertificate:c000').toString('base64')],
];

test.for(REFUSED)('a cursor that %s is refused before AWS is asked', async ([, after]) => {
  const { calls, query } = await startService({ emulator: { examples: examples(2) } });
  const { data, errors } = await query(AFTER, { after });
  expect(data).toBeNull();
  expect(errors).toMatchObject([
    { path: ['clientCertificates'], extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } },
  ]);
  expect(errors?.[0]?.message).toMatch(
    /^after: expected a cursor of this connection, under the same filter and order, got "/,
  );
  expect(errors?.[0]?.message.length).toBeLessThan(160);
  expect(calls).toEqual([]);
});

test('a cursor of the right form is accepted', async () => {
  const { query } = await startService({ emulator: { examples: examples(2) } });
  expect(await query(AFTER, { after: OWN })).toEqual({
    data: { clientCertificates: { nodes: [{ clientCertificateId: 'c001' }] } },
  });
});

test('a position that AWS never issued is not sent to AWS, and is refused if the ids of its cursor are unknown', async () => {
  const { calls, log, query } = await startService({ emulator: { examples: examples(2) } });
  const { errors } = await query(AFTER, { after: cursor('forged', 1, ['none']) });
  expect(errors).toMatchObject([
    {
      message:
        'after: expected a cursor of this connection, under the same filter and order, got one that leads nowhere',
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] },
      path: ['clientCertificates', 'nodes'],
    },
  ]);
  expect(calls).toEqual(['GetClientCertificates']); // the whole list
  expect(log).toEqual([]);
});

test('a cursor of another process, or from before a restart, is found by its ids', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(5) } });
  const after = cursor('of another process', 0, ['deleted', 'c002']);
  expect(await query(AFTER, { after })).toEqual({
    data: {
      clientCertificates: { nodes: ['c003', 'c004'].map((clientCertificateId) => ({ clientCertificateId })) },
    },
  });
  expect(calls).toEqual(['GetClientCertificates']);
});

test('a position that AWS never issued is sent to AWS if the list is too long to be read as a whole', async () => {
  const { log, query } = await startService({
    emulator: { examples: examples(501), quota: 1000 },
    env: { MAX_COLLECTION_PAGES: '1' },
  });
  const { errors } = await query(AFTER, { after: cursor('forged', 1, ['c000']) });
  expect(errors?.[0]?.message).toMatch(
    /^after: expected a cursor of this connection, under the same filter and order, got "WyJD/,
  );
  expect(log).toMatchObject([
    { aws: { name: 'BadRequestException', message: 'Invalid position specified' } },
  ]);
});

test('many forged cursors in one operation cause one read, and those of the next second another', async () => {
  const { callsOf, query } = await startService({
    emulator: { examples: examples(5) },
    env: { CACHE_TTL_MS: '1000' },
    elapsedMs: () => 0,
  });
  const forged = (first: number) => {
    const fields = Array.from({ length: 45 }, (_, i) => {
      const after = cursor(`p${first + i}`, 1, ['none', `c${i % 10}`]);
      return `a${i}: clientCertificates(first: 1, after: "${after}") { nodes { clientCertificateId } }`;
    });
    return query(`{ ${fields.join('\n')} }`);
  };
  expect(await callsOf(() => forged(0))).toEqual(['GetClientCertificates']);
  expect(await callsOf(() => forged(100))).toEqual([]);
});

test('an invalid cursor and an invalid size are reported together', async () => {
  const { calls, query } = await startService();
  const { errors } = await query('{ clientCertificates(first: -1, after: "x") { nodes { id } } }');
  expect(errors).toMatchObject([{ extensions: { issues: [{ path: ['first'] }, { path: ['after'] }] } }]);
  expect(errors?.[0]?.message).toBe(
    'first: expected 0 to 500, got -1; after: expected a cursor of this connection, under the same filter and order, got "x"',
  );
  expect(calls).toEqual([]);
});
