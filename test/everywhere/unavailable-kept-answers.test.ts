import { describe, expect, test } from 'vitest';
import {
  denied,
  failed,
  globalIdIn,
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

const SEEDS = { [PROD_EU]: 2, [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 1 };
const TTL_MS = 60_000;
const ONE_EACH = Object.fromEntries(PLACES.map((place) => [place, 1]));

/** Without the cost, a response may be kept. */
const start = (env = {}) =>
  startEverywhere({ seeds: SEEDS, env: { EXPOSE_COST: 'false', CACHE_TTL_MS: `${TTL_MS}`, ...env } });

const page = (args: string): string => `{ clientCertificates(${args}) {
  nodes { clientCertificateId } unavailable { account region unavailable { code } }
} }`;

const LISTS = [
  ['an ordered list', page('orderBy: { field: CREATED_DATE, direction: DESC }')],
  ['a plain list', page('first: 100')],
  ['a filtered list', page('filter: { descriptionContains: "number" }')],
] as const;

type Node = { clientCertificateId: string };
const idsOf = ({ nodes }: { nodes: Node[] }): string[] =>
  nodes.map(({ clientCertificateId }) => clientCertificateId).toSorted();
const idsWithout = (...places: Place[]): string[] =>
  PLACES.filter((place) => !places.includes(place)).flatMap((place) => idsIn(place, SEEDS[place]));

type Service = Awaited<ReturnType<typeof start>>;

/** A read that is made anew, by which the service learns whether AWS answers there. */
const lookUp = ({ query }: Service, place: Place) =>
  query(`{ clientCertificate(id: "${globalIdIn(place, 'none')}") { id } }`);

/** How many reads were answered from memory. A response that was kept counts as one, however many are in it. */
async function reused({ metrics }: Service): Promise<number> {
  const [, value = '0'] =
    /^certway_aws_reads_saved_total\{how="reused"\} (\d+)$/m.exec(await metrics.text()) ?? [];
  return Number(value);
}

describe.for(LISTS)('the response of %s', ([, list]) => {
  test('is kept while what it was made of is fresh everywhere', async () => {
    const service = await start();
    const counts = await service.countsOf(async () => {
      const [first, second] = [await service.query(list), await service.query(list)];
      expect(second).toEqual(first);
      const before = await reused(service);
      expect(await service.query(list)).toEqual(first);
      expect((await reused(service)) - before).toBe(1);
    });
    expect(counts).toEqual(ONE_EACH);
  });

  test('is made again after a change in one of them, which alone is asked', async () => {
    const service = await start();
    for (let i = 0; i < 3; i += 1) await service.query(list);
    const input = `{ id: "${globalIdIn(STAGING_EU, 'c000')}", description: "new number" }`;
    await service.query(`mutation { updateClientCertificate(input: ${input}) { __typename } }`);
    const counts = await service.countsOf(async () => {
      const { data } = await service.query(list);
      expect(idsOf(data.clientCertificates)).toEqual(idsWithout());
    });
    expect(counts).toEqual({ [STAGING_EU]: 1 });
  });

  test('is not kept while one is missing', async () => {
    const service = await start();
    service.failIn({ [STAGING_EU]: denied });
    for (let i = 0; i < 3; i += 1) {
      const { data } = await service.query(list);
      expect(idsOf(data.clientCertificates)).toEqual(idsWithout(STAGING_EU));
    }
    service.failIn({});
    await lookUp(service, STAGING_EU);
    const counts = await service.countsOf(async () => {
      const { data } = await service.query(list);
      expect(idsOf(data.clientCertificates)).toEqual(idsWithout());
      expect(data.clientCertificates.unavailable).toEqual([]);
    });
    expect(counts).toEqual({ [STAGING_EU]: 1 });
  });

  test('is kept, and whole, when one fails afterwards', async () => {
    const service = await start();
    for (let i = 0; i < 3; i += 1) await service.query(list);
    service.failIn({ [STAGING_EU]: denied });
    await lookUp(service, STAGING_EU);
    const counts = await service.countsOf(async () => {
      const { data } = await service.query(list);
      expect(idsOf(data.clientCertificates)).toEqual(idsWithout());
      expect(data.clientCertificates.unavailable).toEqual([]);
    });
    expect(counts).toEqual({});
  });
});

test('no response with accountRegions is kept', async () => {
  const service = await start();
  const states = '{ accountRegions { region unavailable { code } } clientCertificates { nodes { id } } }';
  for (let i = 0; i < 3; i += 1) await service.query(states);
  service.failIn({ [STAGING_EU]: denied });
  await lookUp(service, STAGING_EU);
  const { data } = await service.query(states);
  expect(data.accountRegions[2].unavailable).toEqual({ code: 'UPSTREAM_DENIED' });
});

test('no response without items that names who is unavailable is kept', async () => {
  const service = await start();
  const list = '{ clientCertificates(first: 0) { unavailable { region } } }';
  service.failIn({ [STAGING_EU]: denied });
  for (let i = 0; i < 3; i += 1)
    expect((await service.query(list)).data.clientCertificates.unavailable).toHaveLength(1);
  service.failIn({});
  await lookUp(service, STAGING_EU);
  expect((await service.query(list)).data.clientCertificates.unavailable).toEqual([]);
});

test('no response that tells of more behind one that fails is kept', async () => {
  const service = await startEverywhere({
    seeds: { [STAGING_EU]: 1 },
    env: { EXPOSE_COST: 'false', CACHE_TTL_MS: `${TTL_MS}` },
  });
  const list = '{ clientCertificates(first: 0) { pageInfo { hasNextPage } } }';
  service.failIn({ [STAGING_EU]: denied });
  const hasNextPage = async () => (await service.query(list)).data.clientCertificates.pageInfo.hasNextPage;
  for (let i = 0; i < 3; i += 1) expect(await hasNextPage()).toBe(false);
  service.failIn({});
  await service.query(`{ clientCertificate(id: "${globalIdIn(STAGING_EU, 'none')}") { id } }`);
  expect(await hasNextPage()).toBe(true);
});

describe.for([
  ['throttles', throttled],
  ['fails', failed],
] as const)('where one %s, and what it said before is not too old', ([, fault]) => {
  test('that stands in, and nobody is unavailable', async () => {
    for (const [, list] of LISTS) {
      const { query, post, pass, failIn } = await start({ CACHE_TTL_MS: '1000', CACHE_STALE_MS: '60000' });
      await query(list);
      await query('{ clientCertificates { totalCount } }');
      await pass(2000);
      failIn({ [STAGING_EU]: fault });
      for (let i = 0; i < 3; i += 1) {
        const { data, extensions } = await query(list);
        expect(idsOf(data.clientCertificates)).toEqual(idsWithout());
        expect(data.clientCertificates.unavailable).toEqual([]);
        expect(extensions).toMatchObject({ stale: { ageSeconds: 2 } });
      }
      const count = await query('{ clientCertificates { totalCount } }');
      expect(count.data.clientCertificates).toEqual({ totalCount: 5 });
      const response = await post({ query: list });
      expect(response.headers.get('age')).toBe('2');
      await response.text();
    }
  });

  test('it is unavailable once that is too old', async () => {
    const { query, pass, failIn } = await start({ CACHE_TTL_MS: '1000', CACHE_STALE_MS: '10000' });
    const [[, list]] = LISTS;
    await query(list);
    failIn({ [STAGING_EU]: fault });
    await pass(11_000);
    const { data } = await query(list);
    expect(idsOf(data.clientCertificates)).toEqual(idsWithout(STAGING_EU));
    expect(data.clientCertificates.unavailable).toHaveLength(1);
  });
});

test.for(LISTS)(
  'where one is slow, what it said before stands in for %s after half a second',
  async ([, list]) => {
    const { query, pass, failIn, arrived, waitsFor, made } = await start({
      CACHE_TTL_MS: '1000',
      CACHE_STALE_MS: '60000',
    });
    await query(list);
    await pass(1000);
    failIn({ [STAGING_EU]: { kind: 'no-answer' } });
    made.length = 0;
    const answer = query(list);
    for (const place of PLACES) await arrived(place);
    await waitsFor(1);
    await pass(500);
    const { data } = await answer;
    expect(idsOf(data.clientCertificates)).toEqual(idsWithout());
    expect(data.clientCertificates.unavailable).toEqual([]);
  },
);
