import { describe, expect, test } from 'vitest';
import type { Example } from '../../src/emulator/seeds.ts';
import {
  certificatesIn,
  idsIn,
  PLACES,
  type Place,
  PROD_EU,
  PROD_US,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
  turns,
} from './support.ts';

const SEEDS = { [PROD_EU]: 3, [PROD_US]: 2, [STAGING_EU]: 0, [STAGING_US]: 2 };
const ONE_EACH = Object.fromEntries(PLACES.map((place) => [place, 1]));

const page = (args: string): string => `{ clientCertificates(${args}) {
  nodes { clientCertificateId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
} }`;

type Node = { clientCertificateId: string };
const idsOf = ({ nodes }: { nodes: Node[] }): string[] =>
  nodes.map(({ clientCertificateId }) => clientCertificateId);

describe('filters, orders, counts and pages from the end', () => {
  const OLDEST_FIRST = ['a002', 'a001', 'b001', 'd001', 'a000', 'b000', 'd000'];

  test.for<[args: string, ids: string[]]>([
    ['orderBy: { field: CREATED_DATE, direction: ASC }', OLDEST_FIRST],
    ['orderBy: { field: CREATED_DATE, direction: DESC }', OLDEST_FIRST.toReversed()],
    ['orderBy: { field: EXPIRATION_DATE, direction: ASC }', OLDEST_FIRST],
    ['orderBy: { field: EXPIRATION_DATE, direction: ASC }, first: 2', ['a002', 'a001']],
    ['orderBy: { field: EXPIRATION_DATE, direction: DESC }, last: 2', ['a001', 'a002']],
    ['orderBy: { field: DESCRIPTION, direction: DESC }', OLDEST_FIRST],
    ['filter: { descriptionContains: "1" }', ['a001', 'b001', 'd001']],
    ['filter: { descriptionContains: "1", accounts: ["prod", "staging"] }', ['a001', 'b001', 'd001']],
    ['filter: { status: VALID }, last: 3', ['b001', 'd000', 'd001']],
    ['last: 3', ['b001', 'd000', 'd001']],
  ])('%s reads all of them once, each with one call', async ([args, ids]) => {
    const { query, countsOf } = await startEverywhere({ seeds: SEEDS });
    const counts = await countsOf(async () => {
      const { data } = await query(page(args));
      expect(idsOf(data.clientCertificates)).toEqual(ids);
    });
    expect(counts).toEqual(ONE_EACH);
  });

  test('count them all', async () => {
    const { query, countsOf } = await startEverywhere({ seeds: SEEDS });
    const counts = await countsOf(async () => {
      const { data } = await query(`{
        all: clientCertificates { totalCount }
        some: clientCertificates(filter: { descriptionContains: "1" }) { totalCount }
      }`);
      expect(data).toEqual({ all: { totalCount: 7 }, some: { totalCount: 3 } });
    });
    expect(counts).toEqual(ONE_EACH);
  });

  test('go back from any cursor, also over the border of an account', async () => {
    const { query } = await startEverywhere({ seeds: SEEDS });
    const all = PLACES.flatMap((place) => idsIn(place, SEEDS[place]));
    const { data } = await query('{ clientCertificates { edges { cursor } } }');
    for (const [i, { cursor }] of data.clientCertificates.edges.entries()) {
      const { data } = await query(page(`last: 2, before: "${cursor}"`));
      expect(idsOf(data.clientCertificates)).toEqual(all.slice(Math.max(0, i - 2), i));
      expect(data.clientCertificates.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: i > 2 });
    }
  });

  test('go on where two have the same id and the same date', async () => {
    const examples: Example[] = [{ id: 'same', createdDate: new Date(Date.now() - 86_400_000) }];
    const { query } = await startEverywhere({
      seeds: Object.fromEntries(PLACES.map((place) => [place, { examples }])),
    });
    const where = async (args: string) => {
      const { data } = await query(`{ clientCertificates(first: 1, ${args}) {
        nodes { account region } pageInfo { endCursor hasNextPage }
      } }`);
      const { nodes, pageInfo } = data.clientCertificates;
      return {
        ...pageInfo,
        places: nodes.map(({ account, region }: Record<string, string>) => `${account}/${region}`),
      };
    };
    for (const args of [
      'filter: null',
      'orderBy: { field: EXPIRATION_DATE, direction: ASC }',
      'orderBy: { field: EXPIRATION_DATE, direction: DESC }',
      'filter: { status: VALID }',
    ]) {
      const seen: string[] = [];
      let after = '';
      for (let hasNextPage = true; hasNextPage; ) {
        const next = await where(`${args}${after}`);
        seen.push(...next.places);
        hasNextPage = next.hasNextPage;
        after = `, after: "${next.endCursor}"`;
      }
      expect(seen).toEqual([...PLACES]);
    }
  });
});

describe('many certificates', () => {
  test('of one of them are read in pages of 500', async () => {
    const COUNT = 501;
    const { query, countsOf } = await startEverywhere({ seeds: { ...SEEDS, [STAGING_EU]: COUNT } });
    const ids = PLACES.flatMap((place) => idsIn(place, place === STAGING_EU ? COUNT : SEEDS[place]));
    const counts = await countsOf(async () => {
      const { data } = await query(
        `{ clientCertificates(last: 4) { totalCount nodes { clientCertificateId } } }`,
      );
      expect(data.clientCertificates.totalCount).toBe(ids.length);
      expect(idsOf(data.clientCertificates)).toEqual(ids.slice(-4));
    });
    expect(counts).toEqual({ ...ONE_EACH, [STAGING_EU]: 2 });
    const seen: string[] = [];
    let after = '';
    for (let hasNextPage = true; hasNextPage; ) {
      const { data } = await query(page(`first: 100${after}`));
      seen.push(...idsOf(data.clientCertificates));
      hasNextPage = data.clientCertificates.pageInfo.hasNextPage;
      after = `, after: "${data.clientCertificates.pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(ids);
  });
});

describe('MAX_PARALLEL_READS', () => {
  const ORDERED = page('orderBy: { field: EXPIRATION_DATE, direction: ASC }');

  /** Holds every answer, and tells how many calls wait for one. */
  async function startHeld(env: Record<string, string>) {
    const service = await startEverywhere({ seeds: SEEDS, env });
    const held: (() => void)[] = [];
    let peak = 0;
    service.failIn(() => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.push(resolve);
      peak = Math.max(peak, held.length);
      return { kind: 'held', until: promise };
    });
    /** Answers one after the other until `done`. */
    const answerUntil = async (done: Promise<unknown>) => {
      let isDone = false;
      void done.finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await turns();
        held.shift()?.();
      }
    };
    return { ...service, answerUntil, peak: () => peak };
  }

  test('is how many are read at the same time in one operation', async () => {
    const { query, answerUntil, peak, counts } = await startHeld({ MAX_PARALLEL_READS: '2' });
    const answer = query(ORDERED);
    await answerUntil(answer);
    expect(await answer).not.toHaveProperty('errors');
    expect(peak()).toBe(2);
    expect(counts()).toEqual(ONE_EACH);
  });

  test('is how many are read at the same time for all operations together', async () => {
    const { query, answerUntil, peak, arrived } = await startHeld({ MAX_PARALLEL_READS: '3' });
    const answers = [
      query(page('orderBy: { field: EXPIRATION_DATE, direction: ASC }, filter: { accounts: ["prod"] }')),
      query(page('last: 1, filter: { accounts: ["staging"] }')),
    ];
    await arrived(PROD_EU);
    await answerUntil(Promise.all(answers));
    expect(peak()).toBe(3);
  });

  test('is how many empty ones a plain page asks at once', async () => {
    const { query, answerUntil, peak } = await startHeld({ MAX_PARALLEL_READS: '1' });
    const answer = query(page('first: 100'));
    await answerUntil(answer);
    expect(idsOf((await answer).data.clientCertificates)).toHaveLength(7);
    expect(peak()).toBe(1);
  });
});

test('the certificates of one place keep the order of their AWS list among each other', async () => {
  const place: Place = PROD_US;
  const createdDate = new Date(Date.now() - 20 * 86_400_000); // before all others
  const examples = certificatesIn(place, 5).map((one) => ({ ...one, createdDate }));
  const { query } = await startEverywhere({
    seeds: { [PROD_EU]: 1, [place]: { examples }, [STAGING_US]: 1 },
  });
  const { data } = await query(
    page(`filter: { createdBefore: "${new Date(createdDate.getTime() + 1000).toISOString()}" }`),
  );
  expect(idsOf(data.clientCertificates)).toEqual(idsIn(place, 5));
});
