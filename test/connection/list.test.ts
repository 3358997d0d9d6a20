import { expect, test } from 'vitest';
import type { Example } from '../../src/emulator/seeds.ts';
import { startService } from '../support/service.ts';

const now = new Date('2026-06-15T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

const examples: Example[] = [
  { id: 'aaa', description: 'Payments', tags: { team: 'pay', stage: 'prod' }, createdDate: daysAgo(10) },
  { id: 'bbb', description: 'orders', tags: { team: 'shop', stage: 'prod' }, createdDate: daysAgo(350) },
  { id: 'ccc', createdDate: daysAgo(400) },
  { id: 'ddd', description: 'Invoices', tags: { team: 'pay', stage: 'test' }, createdDate: daysAgo(100) },
  { id: 'eee', description: 'payments', createdDate: daysAgo(350) },
];

const start = (env = {}) => startService({ now: () => now, emulator: { examples }, env });

const LIST = `query ($first: Int, $after: String, $last: Int, $before: String,
    $filter: ClientCertificateFilter, $orderBy: ClientCertificateOrder) {
  clientCertificates(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    totalCount
    nodes { clientCertificateId }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

async function list(variables: object) {
  const { query } = await start();
  const { data } = await query(LIST, variables);
  const { nodes, totalCount } = data.clientCertificates;
  return { ids: nodes.map((node: { clientCertificateId: string }) => node.clientCertificateId), totalCount };
}

test.each([
  ['no filter', {}, ['aaa', 'bbb', 'ccc', 'ddd', 'eee']],
  ['one status', { status: ['EXPIRED'] }, ['ccc']],
  ['several statuses', { status: ['EXPIRED', 'EXPIRING'] }, ['bbb', 'ccc', 'eee']],
  ['expiresBefore, exclusive', { expiresBefore: daysAgo(-15) }, ['ccc']],
  ['expiresAfter, exclusive', { expiresAfter: daysAgo(-15) }, ['aaa', 'ddd']],
  ['a range of expiry', { expiresAfter: daysAgo(-14), expiresBefore: daysAgo(-16) }, ['bbb', 'eee']],
  ['createdBefore, exclusive', { createdBefore: daysAgo(350) }, ['ccc']],
  ['createdAfter, exclusive', { createdAfter: daysAgo(100) }, ['aaa']],
  ['a part of the description, in any case', { descriptionContains: 'PAY' }, ['aaa', 'eee']],
  [
    'an empty part of the description, which every description contains',
    { descriptionContains: '' },
    ['aaa', 'bbb', 'ccc', 'ddd', 'eee'],
  ],
  ['a tag of any value', { tags: [{ key: 'team' }] }, ['aaa', 'bbb', 'ddd']],
  ['a tag with its value', { tags: [{ key: 'team', value: 'pay' }] }, ['aaa', 'ddd']],
  [
    'several tags, of which all must match',
    {
      tags: [
        { key: 'team', value: 'pay' },
        { key: 'stage', value: 'prod' },
      ],
    },
    ['aaa'],
  ],
  ['a tag that differs in case', { tags: [{ key: 'Team' }] }, []],
  ['several conditions, which all must hold', { status: ['VALID'], descriptionContains: 'inv' }, ['ddd']],
  [
    'conditions that are null',
    { status: null, tags: null, expiresBefore: null },
    ['aaa', 'bbb', 'ccc', 'ddd', 'eee'],
  ],
])('a filter by %s returns the matching certificates', async (_, filter, expected) => {
  expect(await list({ filter })).toEqual({ ids: expected, totalCount: expected.length });
});

test.each([
  ['CREATED_DATE', 'ASC', ['ccc', 'bbb', 'eee', 'ddd', 'aaa']],
  ['CREATED_DATE', 'DESC', ['aaa', 'ddd', 'bbb', 'eee', 'ccc']],
  ['EXPIRATION_DATE', 'ASC', ['ccc', 'bbb', 'eee', 'ddd', 'aaa']],
  ['EXPIRATION_DATE', 'DESC', ['aaa', 'ddd', 'bbb', 'eee', 'ccc']],
  ['DESCRIPTION', 'ASC', ['ddd', 'bbb', 'aaa', 'eee', 'ccc']],
  ['DESCRIPTION', 'DESC', ['aaa', 'eee', 'bbb', 'ddd', 'ccc']],
])('in the order %s %s, ties are ordered by id and null is last', async (field, direction, expected) => {
  expect((await list({ orderBy: { field, direction } })).ids).toEqual(expected);
});

test('the direction is ascending by default', async () => {
  const { ids } = await list({ orderBy: { field: 'EXPIRATION_DATE' } });
  expect(ids).toEqual(['ccc', 'bbb', 'eee', 'ddd', 'aaa']);
});

test('a filtered and ordered list can be walked both ways, and its count is that of the matches', async () => {
  const { query } = await start();
  const args = { filter: { status: ['VALID', 'EXPIRING'] }, orderBy: { field: 'EXPIRATION_DATE' } };
  const one = (await query(LIST, { ...args, first: 3 })).data.clientCertificates;
  expect(one).toMatchObject({
    totalCount: 4,
    nodes: [{ clientCertificateId: 'bbb' }, { clientCertificateId: 'eee' }, { clientCertificateId: 'ddd' }],
    pageInfo: { hasNextPage: true, hasPreviousPage: false },
  });
  const two = (await query(LIST, { ...args, first: 3, after: one.pageInfo.endCursor })).data
    .clientCertificates;
  expect(two).toMatchObject({
    totalCount: 4,
    nodes: [{ clientCertificateId: 'aaa' }],
    pageInfo: { hasNextPage: false, hasPreviousPage: true },
  });
  const back = (await query(LIST, { ...args, last: 2, before: two.pageInfo.startCursor })).data
    .clientCertificates;
  expect(back).toMatchObject({
    nodes: [{ clientCertificateId: 'eee' }, { clientCertificateId: 'ddd' }],
    pageInfo: { hasNextPage: true, hasPreviousPage: true },
  });
});

test('a cursor of a plain list works backward as well', async () => {
  const { query } = await start();
  const { pageInfo } = (await query(LIST, { first: 3 })).data.clientCertificates;
  const { data } = await query(LIST, { before: pageInfo.endCursor });
  expect(data.clientCertificates.nodes).toEqual([
    { clientCertificateId: 'aaa' },
    { clientCertificateId: 'bbb' },
  ]);
  const last = await query(LIST, { last: 2 });
  const next = await query(LIST, { first: 1, after: last.data.clientCertificates.pageInfo.startCursor });
  expect(next.data.clientCertificates.nodes).toEqual([{ clientCertificateId: 'eee' }]);
});

test('an empty page has null cursors', async () => {
  const { query } = await start();
  const { data } = await query(LIST, { filter: { tags: [{ key: 'none' }] } });
  expect(data.clientCertificates).toEqual({
    totalCount: 0,
    nodes: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
});

test('a cursor of an ordered list stays valid when its certificate is deleted or its sort key changes', async () => {
  const { query } = await start();
  const args = { orderBy: { field: 'DESCRIPTION' }, first: 2 };
  const { pageInfo } = (await query(LIST, args)).data.clientCertificates;
  const rest = [{ clientCertificateId: 'aaa' }, { clientCertificateId: 'eee' }];
  await query(
    'mutation { updateClientCertificate(input: { id: "bbb", description: "zzz" }) { __typename } }',
  );
  const changed = await query(LIST, { ...args, after: pageInfo.endCursor });
  expect(changed.data.clientCertificates.nodes).toEqual(rest);
  await query('mutation { deleteClientCertificate(input: { id: "bbb", evenIfUsed: true }) { __typename } }');
  const deleted = await query(LIST, { ...args, after: pageInfo.endCursor });
  expect(deleted.data.clientCertificates.nodes).toEqual(rest);
});

test.each([
  ['first with last', { first: 1, last: 1 }, 'last'],
  ['last -1', { last: -1 }, 'last'],
  ['last 501', { last: 501 }, 'last'],
  ['first -1', { first: -1, orderBy: { field: 'DESCRIPTION' } }, 'first'],
  ['an invalid cursor', { last: 1, before: 'x' }, 'before'],
  [
    'expiresBefore earlier than expiresAfter',
    { filter: { expiresBefore: daysAgo(2), expiresAfter: daysAgo(1) } },
    'filter.expiresBefore',
  ],
  [
    'createdBefore earlier than createdAfter',
    { filter: { createdBefore: daysAgo(2), createdAfter: daysAgo(1) } },
    'filter.createdBefore',
  ],
  ['an empty tag key', { filter: { tags: [{ key: '' }] } }, 'filter.tags.0.key'],
  [
    '100 tag filters',
    { filter: { tags: Array.from({ length: 100 }, (_, key) => ({ key: `${key}` })) } },
    'filter.tags',
  ],
  ['no status at all', { filter: { status: [] } }, 'filter.status'],
  [
    'a description of 100 kB',
    { filter: { descriptionContains: 'x'.repeat(100_000) } },
    'filter.descriptionContains',
  ],
])('the error names %s, and AWS is not called', async (_, variables, name) => {
  const { query, calls } = await start();
  const { errors, data } = await query(LIST, variables);
  expect(data).toBeNull();
  expect(errors).toHaveLength(1);
  expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(errors?.[0]?.message).toContain(`${name}: expected`);
  expect(calls).toEqual([]);
});
