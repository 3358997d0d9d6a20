import { expect, test } from 'vitest';
import { brokenItem, type Fault } from '../../src/emulator/fault.ts';
import { examples, startService } from '../support/service.ts';

const FIRST_5 =
  '{ clientCertificates(first: 5) { nodes { clientCertificateId } pageInfo { hasNextPage endCursor } } }';

const change = (changed: (body: Record<string, unknown>) => object): Fault => ({
  kind: 'change',
  change: changed,
});
const positionOf = (id: string) => Buffer.from(`id=S${id}`).toString('base64');
const ids = (nodes: { clientCertificateId: string }[]) => nodes.map((node) => node.clientCertificateId);

/** AWS returns at most two items per page, whatever `limit` says. */
const shortPage = change(({ item, ...rest }) =>
  Array.isArray(item) && item.length > 2
    ? { item: item.slice(0, 2), position: positionOf(item[1].clientCertificateId) }
    : { item, ...rest },
);

test('short pages are topped up to the requested size', async () => {
  const { calls, fail, query } = await startService({ emulator: { examples: examples(9) } });
  fail(() => shortPage);
  const { data } = await query(FIRST_5);
  expect(ids(data.clientCertificates.nodes)).toEqual(['c000', 'c001', 'c002', 'c003', 'c004']);
  expect(data.clientCertificates.pageInfo.hasNextPage).toBe(true);
  expect(calls).toHaveLength(3);
});

test('a walk over short pages returns everything once, from any cursor', async () => {
  const { fail, query } = await startService({ emulator: { examples: examples(9) } });
  fail(() => shortPage);
  const { data } = await query(
    '{ clientCertificates(first: 9) { edges { cursor } pageInfo { hasNextPage } } }',
  );
  expect(data.clientCertificates.pageInfo.hasNextPage).toBe(false);
  for (const [i, { cursor }] of data.clientCertificates.edges.entries()) {
    const rest = await query(`{ clientCertificates(after: "${cursor}") { nodes { clientCertificateId } } }`);
    expect(ids(rest.data.clientCertificates.nodes)).toEqual(
      examples(9)
        .slice(i + 1)
        .map(({ id }) => id),
    );
  }
});

test('an empty page with a position is not the end', async () => {
  const { calls, fail, query } = await startService({ emulator: { examples: examples(3) } });
  fail(() => (calls.length === 1 ? change(() => ({ item: [], position: positionOf('c') })) : undefined));
  const { data } = await query(FIRST_5);
  expect(ids(data.clientCertificates.nodes)).toEqual(['c000', 'c001', 'c002']);
  expect(data.clientCertificates.pageInfo.hasNextPage).toBe(false);
  expect(calls).toHaveLength(2);
});

test('an empty position is the end', async () => {
  const { calls, fail, query } = await startService({ emulator: { examples: examples(3) } });
  fail(() => change((body) => ({ ...body, position: '' })));
  const { data } = await query(FIRST_5);
  expect(data.clientCertificates.pageInfo.hasNextPage).toBe(false);
  expect(calls).toHaveLength(1);
});

test.for([
  ['of a list', FIRST_5],
  [
    'of a lookup of several',
    '{ a: clientCertificate(id: "nobody1") { id } b: clientCertificate(id: "nobody2") { id } }',
  ],
] as const)('a repeated position ends the walk %s', async ([, query]) => {
  const service = await startService({ emulator: { examples: examples(3) } });
  service.fail(() => change(() => ({ item: [], position: positionOf('a') })));
  const { errors } = await service.query(query);
  for (const { extensions, message } of errors ?? []) {
    expect(extensions['code']).toBe('UPSTREAM_UNAVAILABLE');
    expect(message).toBe('AWS sent the same page position twice.');
  }
  expect(errors).not.toHaveLength(0);
  expect(service.calls).toHaveLength(2);
});

test('a cycle of several positions ends the walk too', async () => {
  const { calls, fail, query } = await startService({ emulator: { examples: examples(3) } });
  fail(() => change(() => ({ item: [], position: positionOf(`a${calls.length % 3}`) })));
  const { errors } = await query(FIRST_5);
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  expect(calls).toHaveLength(4);
});

test('a broken item is null with an error, and the others are returned', async () => {
  const { calls, fail, query } = await startService({ emulator: { examples: examples(3) } });
  fail(() => brokenItem);
  const { data, errors } = await query(`{
    clientCertificates { edges { cursor node { clientCertificateId } } nodes { clientCertificateId } }
  }`);
  const { edges, nodes } = data.clientCertificates;
  expect(nodes).toEqual([null, { clientCertificateId: 'c001' }, { clientCertificateId: 'c002' }]);
  expect(edges.map(({ node }: { node: unknown }) => node)).toEqual(nodes);
  expect(errors).toHaveLength(2);
  expect(errors).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ path: ['clientCertificates', 'edges', 0, 'node'] }),
      expect.objectContaining({ path: ['clientCertificates', 'nodes', 0] }),
    ]),
  );
  for (const { extensions } of errors ?? []) expect(extensions['code']).toBe('UPSTREAM_UNAVAILABLE');
  expect(calls).toHaveLength(1);
  const rest = await query(
    `{ clientCertificates(after: "${edges[0].cursor}") { nodes { clientCertificateId } } }`,
  );
  expect(ids(rest.data.clientCertificates.nodes)).toEqual(['c001', 'c002']);
});

test.for<[string, object | null]>([
  ['is null', null],
  ['has no id', { clientCertificateId: undefined }],
  ['has no PEM', { pemEncodedCertificate: undefined }],
  ['has no date of creation', { createdDate: undefined }],
  ['has an impossible expiration date', { expirationDate: 1e20 }],
])('an item that %s is broken', async ([, fault]) => {
  const { fail, query } = await startService({ emulator: { examples: examples(2) } });
  fail(() =>
    change(({ item, ...rest }) => ({
      ...rest,
      item: Array.isArray(item) ? [fault && { ...item[0], ...fault }, item[1]] : item,
    })),
  );
  const { data, errors } = await query(
    '{ clientCertificates { nodes { clientCertificateId expirationDate } } }',
  );
  expect(data.clientCertificates.nodes).toMatchObject([null, { clientCertificateId: 'c001' }]);
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
});

test.for([{ item: 'none' }, { item: {} }, { item: 5 }])(
  'the list %j is an unreadable answer',
  async (body) => {
    const { calls, fail, query } = await startService({ emulator: { examples: examples(2) } });
    fail(() => change(() => body));
    const { errors } = await query(FIRST_5);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(calls).toHaveLength(1);
  },
);
