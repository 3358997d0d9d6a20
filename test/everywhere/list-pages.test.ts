import { describe, expect, test } from 'vitest';
import {
  denied,
  idsIn,
  PLACES,
  PROD_EU,
  PROD_US,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
} from './support.ts';

const SEEDS = { [PROD_EU]: 5, [PROD_US]: 0, [STAGING_EU]: 3, [STAGING_US]: 4 };
const ALL = PLACES.flatMap((place) => idsIn(place, SEEDS[place]));

const page = (args = ''): string => `{ clientCertificates${args && `(${args})`} {
  nodes { clientCertificateId account accountId region }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  unavailable { account region }
} }`;

type Node = { clientCertificateId: string };
const idsOf = ({ nodes }: { nodes: Node[] }): string[] =>
  nodes.map(({ clientCertificateId }) => clientCertificateId);

const start = (env = {}) => startEverywhere({ seeds: SEEDS, env });

describe('plain pages', () => {
  test('walk account by account, region by region, in the configured order', async () => {
    const { query } = await start();
    const { data } = await query(page('first: 100'));
    expect(idsOf(data.clientCertificates)).toEqual(ALL);
    expect(data.clientCertificates).toMatchObject({ unavailable: [], pageInfo: { hasNextPage: false } });
    const prod = { account: 'prod', accountId: '111111111111' };
    expect(data.clientCertificates.nodes[0]).toMatchObject({ ...prod, region: 'eu-central-1' });
    const staging = { account: 'staging', accountId: '222222222222' };
    expect(data.clientCertificates.nodes.at(-1)).toMatchObject({ ...staging, region: 'us-east-1' });
  });

  test('cost one call within an account and region, and others only where it ends', async () => {
    const { query, countsOf } = await start();
    const pages: string[][] = [];
    const costs: object[] = [];
    let after = '';
    for (let hasNextPage = true; hasNextPage; ) {
      costs.push(
        await countsOf(async () => {
          const { data } = await query(page(`first: 2${after}`));
          const { pageInfo } = data.clientCertificates;
          pages.push(idsOf(data.clientCertificates));
          hasNextPage = pageInfo.hasNextPage;
          after = `, after: "${pageInfo.endCursor}"`;
        }),
      );
    }
    expect(pages).toEqual([
      ['a000', 'a001'],
      ['a002', 'a003'],
      ['a004', 'c000'],
      ['c001', 'c002'],
      ['d000', 'd001'],
      ['d002', 'd003'],
    ]);
    expect(costs).toEqual([
      { [PROD_EU]: 1 },
      { [PROD_EU]: 1 },
      { [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 1 },
      { [STAGING_EU]: 1, [STAGING_US]: 1 },
      { [STAGING_EU]: 1, [STAGING_US]: 1 },
      { [STAGING_US]: 1 },
    ]);
  });

  test('say that there are more where only those behind have some', async () => {
    const { query } = await start();
    const { data } = await query(page('first: 5'));
    expect(idsOf(data.clientCertificates)).toEqual(idsIn(PROD_EU, 5));
    expect(data.clientCertificates.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  test('say that there are no more where those behind have none', async () => {
    const { query } = await startEverywhere({ seeds: { [PROD_EU]: 2 } });
    const { data } = await query(page('first: 2'));
    expect(idsOf(data.clientCertificates)).toEqual(idsIn(PROD_EU, 2));
    expect(data.clientCertificates.pageInfo).toMatchObject({ hasNextPage: false });
  });

  test('find what there is behind empty ones', async () => {
    const { query } = await startEverywhere({ seeds: { [STAGING_US]: 1 } });
    const { data } = await query(page());
    expect(idsOf(data.clientCertificates)).toEqual(idsIn(STAGING_US, 1));
  });

  test('are empty where nobody has any', async () => {
    const { query } = await startEverywhere();
    const { data } = await query(page());
    expect(data.clientCertificates).toEqual({
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      unavailable: [],
    });
  });

  test('have edges whose cursors lead behind each of them', async () => {
    const { query } = await start();
    const { data } = await query('{ clientCertificates { edges { cursor } } }');
    for (const [i, { cursor }] of data.clientCertificates.edges.entries()) {
      const { data } = await query(page(`first: 2, after: "${cursor}"`));
      expect(idsOf(data.clientCertificates)).toEqual(ALL.slice(i + 1, i + 3));
      expect(data.clientCertificates.pageInfo).toMatchObject({
        hasNextPage: i + 3 < ALL.length,
        hasPreviousPage: true,
      });
    }
  });
});

describe('a filter by account and region alone', () => {
  test.for<[filter: string, places: (typeof PLACES)[number][]]>([
    ['accounts: ["staging"]', [STAGING_EU, STAGING_US]],
    ['accounts: ["222222222222"]', [STAGING_EU, STAGING_US]],
    ['accounts: ["staging", "222222222222"]', [STAGING_EU, STAGING_US]],
    ['accounts: ["staging", "prod"]', [...PLACES]],
    ['regions: ["us-east-1"]', [PROD_US, STAGING_US]],
    ['accounts: ["111111111111"], regions: ["eu-central-1"]', [PROD_EU]],
    ['accounts: null, regions: null', [...PLACES]],
  ])('{%s} asks nobody else', async ([filter, places]) => {
    const { query, countsOf } = await start();
    const expected = places.flatMap((place) => idsIn(place, SEEDS[place]));
    for (const more of ['', ', orderBy: { field: DESCRIPTION, direction: ASC }', ', last: 100']) {
      const counts = await countsOf(async () => {
        const { data } = await query(page(`filter: { ${filter} }${more}`));
        expect(idsOf(data.clientCertificates).toSorted()).toEqual(expected);
      });
      expect(counts).toEqual(Object.fromEntries(places.map((place) => [place, 1])));
    }
    const count = `{ clientCertificates(filter: { ${filter} }) { totalCount } }`;
    const counts = await countsOf(async () => {
      expect((await query(count)).data.clientCertificates).toEqual({ totalCount: expected.length });
    });
    expect(counts).toEqual(Object.fromEntries(places.map((place) => [place, 1])));
  });

  test('leaves cursors as they are', async () => {
    const { query } = await start();
    const { data } = await query(page('first: 6'));
    const { endCursor } = data.clientCertificates.pageInfo;
    const narrowed = await query(page(`first: 3, after: "${endCursor}", filter: { accounts: ["staging"] }`));
    expect(idsOf(narrowed.data.clientCertificates)).toEqual(['c001', 'c002', 'd000']);
  });
});

describe('what is not asked for is not read', () => {
  test.for([
    ['nothing of the connection', '{ clientCertificates { __typename } }', {}],
    ['no items', '{ clientCertificates(first: 0) { nodes { id } } }', {}],
    [
      'no items, nor what is before them',
      '{ clientCertificates(first: 0) { pageInfo { hasPreviousPage } } }',
      {},
    ],
    [
      'no items, but whether there are some',
      '{ clientCertificates(first: 0) { pageInfo { hasNextPage } } }',
      { [PROD_EU]: 1 },
    ],
    [
      'who is unavailable for a page',
      '{ clientCertificates(first: 2) { unavailable { region } } }',
      { [PROD_EU]: 1 },
    ],
    ['the accounts and regions', '{ accountRegions { account region unavailable { code } } }', {}],
  ] as const)('%s', async ([, text, counts]) => {
    const { query, countsOf } = await start();
    expect(
      await countsOf(async () => {
        expect(await query(text)).not.toHaveProperty('errors');
      }),
    ).toEqual(counts);
  });

  test('no items, but whether there are more behind a cursor', async () => {
    const { query, countsOf } = await start();
    const { data } = await query('{ clientCertificates { edges { cursor } } }');
    const more = async (i: number) => {
      const after = data.clientCertificates.edges.at(i).cursor;
      const text = `{ clientCertificates(first: 0, after: "${after}") { pageInfo { hasNextPage hasPreviousPage } } }`;
      return (await query(text)).data.clientCertificates.pageInfo;
    };
    const counts = await countsOf(async () => {
      expect(await more(0)).toEqual({ hasNextPage: true, hasPreviousPage: true });
      expect(await more(-1)).toEqual({ hasNextPage: false, hasPreviousPage: true });
    });
    expect(counts).toEqual({ [PROD_EU]: 1, [STAGING_US]: 1 });
  });
});

describe('of one operation', () => {
  const EVERYTHING = `{
    plain: clientCertificates(first: 100) { totalCount nodes { id } unavailable { region } }
    none: clientCertificates(first: 0) { unavailable { region } pageInfo { hasNextPage } }
    expiring: clientCertificates(filter: { status: EXPIRING }) { totalCount edges { cursor } }
    named: clientCertificates(filter: { descriptionContains: "1" }, first: 1) { nodes { description } }
    ordered: clientCertificates(orderBy: { field: DESCRIPTION, direction: DESC }, last: 3) { pageInfo { startCursor } }
    a: clientCertificate(id: "c000") { id }
    b: clientCertificate(id: "none") { id }
  }`;

  test('whatever it selects, each is read once', async () => {
    const { query, countsOf } = await start();
    const counts = await countsOf(async () => {
      expect(await query(EVERYTHING)).not.toHaveProperty('errors');
    });
    expect(counts).toEqual(Object.fromEntries(PLACES.map((place) => [place, 1])));
  });

  test('a page costs nothing besides the count, wherever AWS is slower', async () => {
    const { query, countsOf, failIn, arrived } = await start();
    const { promise: until, resolve: release } = Promise.withResolvers<void>();
    failIn({ [PROD_EU]: { kind: 'held', until } });
    const counts = await countsOf(async () => {
      const answer = query('{ clientCertificates(first: 100) { totalCount nodes { id } } }');
      for (const place of PLACES) await arrived(place);
      await query('{ clientCertificates(filter: { accounts: ["staging"] }) { nodes { id } } }'); // those are answered by now
      release();
      expect((await answer).data.clientCertificates.totalCount).toBe(ALL.length);
    });
    expect(counts).toEqual({ [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 2, [STAGING_US]: 2 });
  });

  test('one that fails is asked once, and each list names it', async () => {
    const { query, countsOf, failIn } = await start();
    failIn({ [STAGING_EU]: denied });
    const counts = await countsOf(async () => {
      const { data } = await query(`{
        a: clientCertificates { unavailable { account region } nodes { id } }
        b: clientCertificates(orderBy: { field: DESCRIPTION, direction: DESC }) { unavailable { account region } }
        c: clientCertificates(last: 1) { unavailable { account region } }
      }`);
      const unavailable = [{ account: 'staging', region: 'eu-central-1' }];
      expect(data).toMatchObject({ a: { unavailable }, b: { unavailable }, c: { unavailable } });
    });
    expect(counts).toEqual(Object.fromEntries(PLACES.map((place) => [place, 1])));
  });
});
