import { describe, expect, test } from 'vitest';
import { brokenItem, html502 } from '../../src/emulator/fault.ts';
import { until } from '../support/sharing.ts';
import {
  denied,
  failed,
  idsIn,
  PLACES,
  type Place,
  PROD_EU,
  PROD_US,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
  throttled,
} from './support.ts';

const SEEDS = { [PROD_EU]: 3, [PROD_US]: 2, [STAGING_EU]: 2, [STAGING_US]: 2 };

const page = (args = ''): string => `{ clientCertificates${args && `(${args})`} {
  nodes { clientCertificateId } pageInfo { hasNextPage endCursor }
  unavailable { account accountId region unavailable { code message since } }
} }`;

const ORDERED = 'orderBy: { field: CREATED_DATE, direction: DESC }';
const FILTERED = 'filter: { descriptionContains: "number" }';
const LISTS = ['', ORDERED, FILTERED, 'last: 100'];

type Node = { clientCertificateId: string };
const idsOf = ({ nodes }: { nodes: Node[] }): string[] =>
  nodes.map(({ clientCertificateId }) => clientCertificateId);

const idsWithout = (...places: Place[]): string[] =>
  PLACES.filter((place) => !places.includes(place)).flatMap((place) => idsIn(place, SEEDS[place]));

const start = (env = {}) => startEverywhere({ seeds: SEEDS, env });

describe.for([
  ['denies', denied, 'UPSTREAM_DENIED', 'AWS refuses the credentials of this service.'],
  ['throttles', throttled, 'THROTTLED', expect.stringMatching(/throttle/i)],
  ['fails', failed, 'UPSTREAM_UNAVAILABLE', expect.any(String)],
  ['answers with a page of HTML', html502, 'UPSTREAM_UNAVAILABLE', expect.any(String)],
] as const)('where one account and region %s', ([, fault, code, message]) => {
  test('the others are listed, and the list names it', async () => {
    for (const args of LISTS) {
      const { query, failIn } = await start();
      failIn({ [PROD_US]: fault });
      const before = Date.now();
      const { data, errors } = await query(page(args));
      expect(errors).toBeUndefined();
      expect(idsOf(data.clientCertificates).toSorted()).toEqual(idsWithout(PROD_US));
      const since = expect.stringMatching(/^\d{4}-/);
      expect(data.clientCertificates.unavailable).toEqual([
        {
          account: 'prod',
          accountId: '111111111111',
          region: 'us-east-1',
          unavailable: { code, message, since },
        },
      ]);
      const [{ unavailable }] = data.clientCertificates.unavailable;
      expect(Date.parse(unavailable.since)).toBeGreaterThanOrEqual(before - 1000);
    }
  });

  test('a count is an error with its name', async () => {
    const { query, failIn } = await start();
    failIn({ [PROD_US]: fault });
    for (const args of ['first: 1', FILTERED, ORDERED]) {
      const { data, errors } = await query(`{ clientCertificates(${args}) { nodes { id } totalCount } }`);
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ path: ['clientCertificates', 'totalCount'], extensions: { code } }]);
      expect(errors?.[0]?.message).toMatch(`Not all accounts and regions can be read: ${PROD_US}. `);
    }
  });

  test('a list that leaves it out is whole, and has a count', async () => {
    const { query, failIn } = await start();
    failIn({ [PROD_US]: fault });
    for (const filter of ['accounts: ["staging"]', 'regions: ["eu-central-1"]']) {
      const { data } = await query(
        `{ clientCertificates(filter: { ${filter} }) { totalCount unavailable { region } } }`,
      );
      expect(data.clientCertificates).toEqual({
        totalCount: filter.startsWith('acc') ? 4 : 5,
        unavailable: [],
      });
    }
  });

  test('it is listed again once it answers', async () => {
    const { query, failIn, pass } = await start();
    failIn({ [PROD_US]: fault });
    await query(page());
    failIn({});
    await pass(60_000);
    await query(page()); // finds that out in the background
    await until(async () => expect((await query(page())).data.clientCertificates.unavailable).toEqual([]));
    for (const args of LISTS) {
      const { data } = await query(page(args));
      expect(idsOf(data.clientCertificates).toSorted()).toEqual(idsWithout());
      expect(data.clientCertificates.unavailable).toEqual([]);
    }
  });
});

describe('where all fail', () => {
  test('a list is the first error', async () => {
    for (const args of LISTS) {
      const { query, failIn } = await start();
      failIn({ [PROD_EU]: denied, [PROD_US]: failed, [STAGING_EU]: throttled, [STAGING_US]: throttled });
      for (const field of ['nodes { id }', 'unavailable { region }', 'pageInfo { hasNextPage }']) {
        const { data, errors } = await query(`{ clientCertificates${args && `(${args})`} { ${field} } }`);
        expect(data).toBeNull();
        expect(errors).toMatchObject([
          {
            message: 'AWS refuses the credentials of this service.',
            extensions: { code: 'UPSTREAM_DENIED' },
          },
        ]);
      }
    }
  });

  test('so is one that is narrowed to them', async () => {
    const { query, failIn } = await start();
    failIn({ [STAGING_EU]: throttled, [STAGING_US]: denied });
    const { errors } = await query(page('filter: { accounts: ["staging"] }'));
    expect(errors).toMatchObject([{ extensions: { code: 'THROTTLED' } }]);
  });

  test('other fields of the operation are answered', async () => {
    const { query, failIn } = await start();
    failIn(() => denied);
    await query(page());
    const { data } = await query('{ accountRegions { account region unavailable { code } } }');
    expect(data.accountRegions).toEqual(
      PLACES.map((place) => {
        const [account, region] = place.split('/');
        return { account, region, unavailable: { code: 'UPSTREAM_DENIED' } };
      }),
    );
  });
});

describe('a walk', () => {
  test('that stands on one that fails goes on behind it', async () => {
    const { query, failIn } = await start();
    const { data } = await query(page('first: 4'));
    const { endCursor } = data.clientCertificates.pageInfo; // of b000
    failIn({ [PROD_US]: denied });
    const next = await query(page(`first: 3, after: "${endCursor}"`));
    expect(idsOf(next.data.clientCertificates)).toEqual(['c000', 'c001', 'd000']);
    expect(next.data.clientCertificates).toMatchObject({
      unavailable: [{ account: 'prod', region: 'us-east-1' }],
      pageInfo: { hasNextPage: true },
    });
  });

  test('names only those that its page had to ask', async () => {
    const { query, failIn } = await start();
    failIn({ [STAGING_EU]: denied });
    const { data } = await query(page('first: 2'));
    expect(data.clientCertificates.unavailable).toEqual([]);
  });

  test('ends where only those that fail are left, and names them', async () => {
    const { query, failIn } = await start();
    failIn({ [STAGING_EU]: denied, [STAGING_US]: failed });
    const { data } = await query(page('first: 5'));
    expect(idsOf(data.clientCertificates)).toEqual(['a000', 'a001', 'a002', 'b000', 'b001']);
    expect(data.clientCertificates).toMatchObject({
      unavailable: [{ region: 'eu-central-1' }, { region: 'us-east-1' }],
      pageInfo: { hasNextPage: false },
    });
  });
});

describe('a list without items', () => {
  test('names who is unavailable', async () => {
    const { query, failIn, countsOf } = await start();
    failIn({ [STAGING_EU]: denied });
    const counts = await countsOf(async () => {
      const { data } = await query(
        '{ clientCertificates(first: 0) { nodes { id } unavailable { account region } } }',
      );
      expect(data.clientCertificates).toEqual({
        nodes: [],
        unavailable: [{ account: 'staging', region: 'eu-central-1' }],
      });
    });
    expect(counts).toEqual(Object.fromEntries(PLACES.map((place) => [place, 1])));
  });

  test('tells whether there are some behind one that fails', async () => {
    const { query, failIn } = await start();
    failIn({ [PROD_EU]: denied });
    const { data } = await query(
      '{ clientCertificates(first: 0) { pageInfo { hasNextPage hasPreviousPage } } }',
    );
    expect(data.clientCertificates.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
  });
});

describe('what is wrong in one alone', () => {
  test('a broken item is an error of its own, as ever, and all others are listed', async () => {
    for (const args of LISTS) {
      const { query, failIn } = await start();
      failIn({ [PROD_US]: brokenItem });
      const { data, errors = [] } = await query(`{ clientCertificates(${args || 'first: 100'}) {
        edges { node { clientCertificateId } } totalCount unavailable { region }
      } }`);
      const isFiltered = args === FILTERED; // a broken item matches no filter
      expect(errors).toHaveLength(isFiltered ? 0 : 1);
      const { edges, totalCount, unavailable } = data.clientCertificates;
      const ids = (edges as { node: Node | null }[]).flatMap(({ node }) => node?.clientCertificateId ?? []);
      expect(ids.toSorted()).toEqual(idsWithout().filter((id) => id !== 'b000'));
      expect(edges).toHaveLength(isFiltered ? 8 : 9);
      expect(totalCount).toBe(edges.length);
      expect(unavailable).toEqual([]);
    }
  });

  test('too many certificates are named, where all of them have to be read', async () => {
    const { query, failIn, pass, recovered } = await startEverywhere({
      seeds: { ...SEEDS, [PROD_US]: 501 },
      env: { MAX_COLLECTION_PAGES: '1' },
    });
    const { data } = await query(page(ORDERED));
    expect(idsOf(data.clientCertificates).toSorted()).toEqual(idsWithout(PROD_US));
    expect(data.clientCertificates.unavailable).toMatchObject([
      { account: 'prod', region: 'us-east-1', unavailable: { code: 'COLLECTION_TOO_LARGE' } },
    ]);
    const count = await query('{ clientCertificates { totalCount } }');
    expect(count.errors).toMatchObject([{ extensions: { code: 'COLLECTION_TOO_LARGE' } }]);
    const plain = async () => (await query(page('first: 100'))).data.clientCertificates;
    const whole = { unavailable: [], pageInfo: { hasNextPage: true } };
    expect(await plain()).toMatchObject(whole);
    const { data: known } = await query('{ accountRegions { unavailable { code } } }');
    expect(known.accountRegions).toEqual(PLACES.map(() => ({ unavailable: null })));
    // nor does that stand in the way of knowing that AWS answers again
    failIn({ [PROD_US]: throttled });
    expect((await plain()).unavailable).toHaveLength(1);
    failIn({});
    await pass(5000);
    await plain();
    await recovered(PROD_US);
    expect(await plain()).toMatchObject(whole);
  });
});
