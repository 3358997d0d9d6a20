import { expect, test } from 'vitest';
import { examples, startService } from '../support/service.ts';

const ALL = `query ($first: Int, $after: String, $last: Int, $before: String,
    $filter: ClientCertificateFilter, $orderBy: ClientCertificateOrder) {
  clientCertificates(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    edges { cursor }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** The service with `count` certificates, their cursors, and the page info of an empty page. */
async function start(count: number, list: object = {}) {
  const service = await startService({ emulator: { examples: examples(count) } });
  const whole = await service.query(ALL, { first: 500, ...list });
  const cursors: string[] = whole.data.clientCertificates.edges.map(
    ({ cursor }: { cursor: string }) => cursor,
  );
  const neighbours = async (args: object) => {
    const { data, errors } = await service.query(ALL, { ...list, ...args });
    expect(errors).toBeUndefined();
    const { edges, nodes, pageInfo } = data.clientCertificates;
    expect([edges, nodes, pageInfo.startCursor, pageInfo.endCursor]).toEqual([[], [], null, null]);
    return { before: pageInfo.hasPreviousPage, behind: pageInfo.hasNextPage };
  };
  return { ...service, cursors, neighbours };
}

const LISTS: [name: string, list: object][] = [
  ["AWS's own list", {}],
  ['an ordered list', { orderBy: { field: 'CREATED_DATE' } }],
  ['a filtered list', { filter: { status: ['VALID', 'EXPIRING', 'EXPIRED'] } }],
];

test.for(LISTS)('first: 0 of %s is an empty page that says whether there are others', async ([, list]) => {
  const { cursors, neighbours } = await start(3, list);
  const [a, b, c] = cursors;
  expect(await neighbours({ first: 0 })).toEqual({ before: false, behind: true });
  expect(await neighbours({ first: 0, after: a })).toEqual({ before: true, behind: true });
  expect(await neighbours({ first: 0, after: c })).toEqual({ before: true, behind: false });
  expect(await neighbours({ first: 0, after: a, before: c })).toEqual({ before: true, behind: true });
  expect(await neighbours({ first: 0, after: a, before: b })).toEqual({ before: true, behind: false });
});

test.for(LISTS)('last: 0 of %s is an empty page that says whether there are others', async ([, list]) => {
  const { cursors, neighbours } = await start(3, list);
  const [a, b, c] = cursors;
  expect(await neighbours({ last: 0 })).toEqual({ before: true, behind: false });
  expect(await neighbours({ last: 0, before: c })).toEqual({ before: true, behind: true });
  expect(await neighbours({ last: 0, before: a })).toEqual({ before: false, behind: true });
  expect(await neighbours({ last: 0, after: a, before: b })).toEqual({ before: false, behind: true });
});

test('without certificates, an empty page says that there are no others', async () => {
  const { neighbours } = await start(0);
  expect(await neighbours({ first: 0 })).toEqual({ before: false, behind: false });
  expect(await neighbours({ last: 0 })).toEqual({ before: false, behind: false });
});

test.for(['first: 0', 'last: 0', 'first: 0, orderBy: { field: DESCRIPTION }'])(
  '%s costs no call unless the operation selects whether there is more',
  async (args) => {
    const { callsOf, query } = await start(3);
    const ask = (fields: string) => callsOf(() => query(`{ clientCertificates(${args}) { ${fields} } }`));
    expect(await ask('edges { cursor } nodes { id } pageInfo { startCursor endCursor }')).toEqual([]);
    expect(await ask('pageInfo { hasNextPage hasPreviousPage }')).toEqual(['GetClientCertificates']);
  },
);

test.for([
  ['first: 0', 'hasPreviousPage'],
  ['first: 0, orderBy: { field: DESCRIPTION }', 'hasPreviousPage'],
  ['last: 0', 'hasNextPage'],
])('with %s, %s is false and costs no call', async ([args, field]) => {
  const { callsOf, query } = await start(3);
  const calls = await callsOf(async () => {
    const { data } = await query(`{ clientCertificates(${args}) { pageInfo { ${field} } } }`);
    expect(data.clientCertificates.pageInfo).toEqual({ [`${field}`]: false });
  });
  expect(calls).toEqual([]);
});

test('first: 0 can count all certificates with one call', async () => {
  const { callsOf, query } = await start(30);
  const calls = await callsOf(async () => {
    const { data } = await query(
      '{ clientCertificates(first: 0) { totalCount pageInfo { hasNextPage } edges { cursor } } }',
    );
    expect(data.clientCertificates).toEqual({ totalCount: 30, pageInfo: { hasNextPage: true }, edges: [] });
  });
  expect(calls).toEqual(['GetClientCertificates']);
});

test('first: 0 reads one certificate of a long list, also after the last one of a page', async () => {
  const { callsOf, cursors, neighbours, query } = await start(501);
  const { data } = await query(ALL, { after: cursors[499] });
  for (const [after, behind] of [
    [cursors[0], true],
    [cursors[498], true],
    [cursors[499], true],
    [data.clientCertificates.pageInfo.endCursor, false],
  ] as const) {
    const calls = await callsOf(async () => {
      expect(await neighbours({ first: 0, after })).toEqual({ before: true, behind });
    });
    expect(calls).toEqual(['GetClientCertificates']);
  }
});

test('first: 0 with last: 0 is refused', async () => {
  const { query } = await start(1);
  const { errors } = await query(ALL, { first: 0, last: 0 });
  expect(errors?.[0]?.message).toBe('last: expected either first or last, got both');
});
