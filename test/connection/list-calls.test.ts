import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { brokenItem } from '../../src/emulator/fault.ts';
import type { Example } from '../../src/emulator/seeds.ts';
import { startService } from '../support/service.ts';
import { until } from '../support/sharing.ts';

const certificates = (count: number): Example[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `c${String(index).padStart(4, '0')}`,
    description: `Number ${index}`,
    createdDate: new Date(Date.now() - index * 60_000),
  }));

const start = (count: number, env = {}) => startService({ emulator: { examples: certificates(count) }, env });

const LIST = 'GetClientCertificates';

const EVERYTHING = `{
  plain: clientCertificates(first: 2) { totalCount nodes { id } }
  expiring: clientCertificates(filter: { status: EXPIRING }) { totalCount edges { cursor } }
  named: clientCertificates(filter: { descriptionContains: "1" }, first: 1) { nodes { description } }
  ordered: clientCertificates(orderBy: { field: DESCRIPTION, direction: DESC }, last: 3) { pageInfo { startCursor } }
  a: clientCertificate(id: "c0001") { id }
  b: clientCertificate(id: "none") { id }
}`;

test('one operation reads the collection once, whatever it selects', async () => {
  const { query, callsOf } = await start(10);
  expect(await callsOf(() => query(EVERYTHING))).toEqual([LIST]);
});

test('a collection costs one call per 500 certificates', async () => {
  const { query, callsOf } = await start(501);
  expect(await callsOf(() => query(EVERYTHING))).toEqual([LIST, LIST]);
  const { data } = await query(
    '{ clientCertificates(last: 1) { totalCount nodes { clientCertificateId } } }',
  );
  expect(data.clientCertificates).toEqual({ totalCount: 501, nodes: [{ clientCertificateId: 'c0500' }] });
});

test('a plain page is one call, and reads only what is selected', async () => {
  const { query, callsOf } = await start(30);
  expect(await callsOf(() => query('{ clientCertificates(first: 2) { nodes { id } } }'))).toEqual([LIST]);
  expect(await callsOf(() => query('{ clientCertificates { __typename } }'))).toEqual([]);
  expect(await callsOf(() => query('{ clientCertificates(filter: {}) { nodes { id } } }'))).toEqual([LIST]);
  const skipped =
    'query ($count: Boolean = false) { clientCertificates { nodes { id } totalCount @include(if: $count) } }';
  expect(await callsOf(() => query(skipped))).toEqual([LIST]);
});

test('a count in a fragment is recognized like any other', async () => {
  const { query, callsOf } = await start(30);
  const counted = `{ clientCertificates(first: 2) { nodes { id } ...Count } }
    fragment Count on ClientCertificateConnection { totalCount }`;
  expect(await callsOf(() => query(counted))).toEqual([LIST]);
  expect((await query(counted)).data.clientCertificates).toMatchObject({ totalCount: 30 });
});

test('a collection of more pages than MAX_COLLECTION_PAGES is an error after that many calls', async () => {
  const { query, callsOf } = await start(501, { MAX_COLLECTION_PAGES: '1' });
  let answer: Awaited<ReturnType<typeof query>> | undefined;
  const calls = await callsOf(async () => {
    answer = await query(`{ a: clientCertificates(last: 1) { nodes { id } } b: __typename }`);
  });
  expect(calls).toEqual([LIST]);
  expect(answer?.errors?.[0]?.extensions).toEqual({ code: 'COLLECTION_TOO_LARGE' });
  expect(answer?.errors?.[0]?.message).toContain('more than 500');
  const plain = await query('{ clientCertificates(first: 1) { nodes { clientCertificateId } } }');
  expect(plain.data.clientCertificates.nodes).toEqual([{ clientCertificateId: 'c0000' }]);
});

test('a repeated position ends the walk with an error', async () => {
  const { query, callsOf, fail } = await start(3);
  fail(() => ({ kind: 'change', change: (body) => ({ ...body, position: 'aWQ9U2Fh' }) }));
  let answer: Awaited<ReturnType<typeof query>> | undefined;
  const calls = await callsOf(async () => {
    answer = await query('{ clientCertificates(orderBy: { field: DESCRIPTION }) { totalCount } }');
  });
  expect(answer?.errors?.[0]?.extensions).toEqual({ code: 'UPSTREAM_UNAVAILABLE' });
  expect(calls).toEqual([LIST, LIST]);
});

test('a broken item is null with an error among the others, and last in an ordered list', async () => {
  const { query, fail } = await start(3);
  fail(() => brokenItem);
  const { data, errors } = await query(`{
    plain: clientCertificates { edges { node { clientCertificateId } } }
    ordered: clientCertificates(orderBy: { field: CREATED_DATE }) { nodes { clientCertificateId } }
    filtered: clientCertificates(filter: { descriptionContains: "number" }) { totalCount nodes { clientCertificateId } }
  }`);
  expect(data.plain.edges.map(({ node }: { node: unknown }) => node)).toEqual([
    null,
    { clientCertificateId: 'c0001' },
    { clientCertificateId: 'c0002' },
  ]);
  expect(data.ordered.nodes).toEqual([
    { clientCertificateId: 'c0002' },
    { clientCertificateId: 'c0001' },
    null,
  ]);
  expect(data.filtered).toEqual({
    totalCount: 2,
    nodes: [{ clientCertificateId: 'c0001' }, { clientCertificateId: 'c0002' }],
  });
  expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions['code']]).sort()).toEqual([
    ['ordered.nodes.2', 'UPSTREAM_UNAVAILABLE'],
    ['plain.edges.0.node', 'UPSTREAM_UNAVAILABLE'],
  ]);
});

test('the walk stops when the client disconnects', async () => {
  const { server, calls, fail, operations, query } = await start(501);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const http = createServer(server.listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const gone = new AbortController();
  const answered = new Promise<void>((resolve) => {
    fail(() => {
      resolve();
      return { kind: 'held', until: released };
    });
  });
  const request = fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ clientCertificates(last: 1) { nodes { id } } }' }),
    signal: gone.signal,
  });
  await answered;
  gone.abort();
  await expect(request).rejects.toThrow('aborted');
  await until(() => expect(operations).toMatchObject([{ errors: ['UPSTREAM_TIMEOUT'] }]));
  fail(() => undefined);
  release();
  await query('{ clientCertificate(id: "c0001") { id } }'); // by then, the next page would have been requested
  expect(calls).toEqual([LIST, 'GetClientCertificate']);
  http.closeAllConnections();
  http.close();
});
