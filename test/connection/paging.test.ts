import { expect, test } from 'vitest';
import { examples, startService } from '../support/service.ts';

const PAGE = `query ($first: Int, $after: String) {
  clientCertificates(first: $first, after: $after) {
    edges { cursor node { clientCertificateId } }
    nodes { clientCertificateId }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

type Edge = { cursor: string; node: { clientCertificateId: string } };

/** The service with `count` certificates, and a function that gets one page of them. */
async function startWith(count: number) {
  const service = await startService({ emulator: { examples: examples(count) } });
  const page = async (variables: { first?: number; after?: string } = {}) => {
    const { data, errors } = await service.query(PAGE, variables);
    expect(errors).toBeUndefined();
    const edges: Edge[] = data.clientCertificates.edges;
    expect(data.clientCertificates.nodes).toEqual(edges.map(({ node }) => node));
    return {
      ids: edges.map(({ node }) => node.clientCertificateId),
      cursors: edges.map(({ cursor }) => cursor),
      pageInfo: data.clientCertificates.pageInfo,
    };
  };
  return { ...service, page };
}

const ids = (from: number, to: number) =>
  examples(to)
    .slice(from)
    .map(({ id }) => id);

test('a page is one call, with the same limit', async () => {
  const { calls, page } = await startWith(10);
  const { ids: found, pageInfo, cursors } = await page({ first: 4 });
  expect(found).toEqual(ids(0, 4));
  expect(pageInfo).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: cursors[0],
    endCursor: cursors[3],
  });
  expect(calls).toEqual(['GetClientCertificates']);
});

test("a page has AWS's default of 25 items, also if first is null", async () => {
  const { page, query } = await startWith(30);
  expect((await page()).ids).toEqual(ids(0, 25));
  const { data } = await query('{ clientCertificates(first: null, after: null) { nodes { id } } }');
  expect(data.clientCertificates.nodes).toHaveLength(25);
});

test.for([1, 3, 5, 9, 10, 500])(
  'a walk in pages of %i finds each certificate once, with one call per page',
  async (first) => {
    const { calls, page } = await startWith(10);
    const found: string[] = [];
    let after: string | undefined;
    let pages = 0;
    for (let more = true; more; pages++) {
      const { ids, pageInfo } = await page({ first, ...(after !== undefined && { after }) });
      found.push(...ids);
      expect(pageInfo.hasPreviousPage).toBe(pages > 0);
      more = pageInfo.hasNextPage;
      after = pageInfo.endCursor;
    }
    expect(found).toEqual(ids(0, 10));
    expect(pages).toBe(Math.ceil(10 / first));
    expect(calls).toHaveLength(pages);
  },
);

test('the page after each cursor begins right after its edge, with one call', async () => {
  const { callsOf, page } = await startWith(10);
  const first = await page({ first: 4 });
  const second = await page({ first: 4, after: first.cursors[3] ?? '' });
  for (const [i, after] of [...first.cursors, ...second.cursors].entries()) {
    const calls = await callsOf(async () => {
      expect((await page({ first: 3, after })).ids).toEqual(ids(i + 1, Math.min(i + 4, 10)));
    });
    expect(calls).toEqual(['GetClientCertificates']);
  }
});

test('a cursor works with another page size, and repeatedly', async () => {
  const { page } = await startWith(10);
  const { cursors } = await page({ first: 6 });
  const after = cursors[2] ?? '';
  expect((await page({ first: 1, after })).ids).toEqual(ids(3, 4));
  expect((await page({ first: 500, after })).ids).toEqual(ids(3, 10));
  expect((await page({ first: 1, after })).ids).toEqual(ids(3, 4));
});

test('the last page says that it is the last, also if it is full', async () => {
  const { page } = await startWith(10);
  expect((await page({ first: 10 })).pageInfo.hasNextPage).toBe(false);
  const { cursors } = await page({ first: 5 });
  const { pageInfo } = await page({ first: 5, after: cursors[4] ?? '' });
  expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
});

test('the page after the last certificate is empty', async () => {
  const { page } = await startWith(3);
  const { cursors } = await page();
  expect(await page({ after: cursors[2] ?? '' })).toEqual({
    ids: [],
    cursors: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
  });
});

test('without certificates there is one empty page', async () => {
  const { calls, page } = await startWith(0);
  expect(await page()).toEqual({
    ids: [],
    cursors: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
  expect(calls).toEqual(['GetClientCertificates']);
});

test("a page that continues in the middle of AWS's largest page needs a second call", async () => {
  const { callsOf, page } = await startWith(510);
  const { cursors } = await page({ first: 500 });
  const calls = await callsOf(async () => {
    expect((await page({ first: 15, after: cursors[489] ?? '' })).ids).toEqual(ids(490, 505));
  });
  expect(calls).toEqual(['GetClientCertificates', 'GetClientCertificates']);
});

test('several lists in one operation share one read of the whole collection', async () => {
  const { calls, query } = await startWith(10);
  const { data } = await query(`{
    a: clientCertificates(first: 2) { nodes { clientCertificateId } }
    b: clientCertificates(first: 3) { nodes { clientCertificateId } }
  }`);
  expect(data.a.nodes).toHaveLength(2);
  expect(data.b.nodes).toHaveLength(3);
  expect(calls).toEqual(['GetClientCertificates']);
});
