import { describe, expect, test } from 'vitest';
import { SHORT_CALLS } from '../support/service.ts';
import { GET } from '../support/sharing.ts';
import {
  denied,
  failed,
  globalIdIn,
  idsIn,
  PATIENCE_MS,
  PLACES,
  type Place,
  PROD_EU,
  PROD_US,
  roleOf,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
  throttled,
  turns,
  until,
} from './support.ts';

const SEEDS = { [PROD_EU]: 3, [PROD_US]: 2, [STAGING_EU]: 2, [STAGING_US]: 2 };
const HANGS = { kind: 'no-answer' } as const;

const PAUSE_MS = 5000;

const page = (args = ''): string => `{ clientCertificates${args && `(${args})`} {
  nodes { clientCertificateId } unavailable { account region unavailable { code } }
} }`;

const ORDERED = 'orderBy: { field: CREATED_DATE, direction: DESC }';
const PLAIN = 'first: 100';

type Node = { clientCertificateId: string };
const idsOf = ({ nodes }: { nodes: Node[] }): string[] =>
  nodes.map(({ clientCertificateId }) => clientCertificateId).toSorted();
const idsWithout = (...places: Place[]): string[] =>
  PLACES.filter((place) => !places.includes(place)).flatMap((place) => idsIn(place, SEEDS[place]));

const start = (env = {}, options = {}) => startEverywhere({ seeds: SEEDS, env, ...options });

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  await turns();
  return Promise.race([promise.then(() => true), turns().then(() => false)]);
}

describe.for([
  ['an ordered list', ORDERED],
  ['a plain list', PLAIN],
])('%s, where one does not answer', ([, args]) => {
  test('waits for it for two seconds, and not again for five', async () => {
    const { query, failIn, pass, arrived, waitsFor, countsOf } = await start();
    failIn({ [STAGING_EU]: HANGS });
    const answer = query(page(args));
    await arrived(STAGING_EU);
    await waitsFor(1);
    await pass(PATIENCE_MS - 1);
    expect(await isSettled(answer)).toBe(false);
    await pass(1);
    const { data } = await answer;
    expect(idsOf(data.clientCertificates)).toEqual(idsWithout(STAGING_EU));
    expect(data.clientCertificates.unavailable).toEqual([
      { account: 'staging', region: 'eu-central-1', unavailable: { code: 'UPSTREAM_TIMEOUT' } },
    ]);
    const counts = await countsOf(async () => {
      for (const part of [0, PAUSE_MS - 1]) {
        await pass(part);
        const { data } = await query(page(args)); // which no passing of time has to end
        expect(idsOf(data.clientCertificates)).toEqual(idsWithout(STAGING_EU));
      }
    });
    expect(counts).not.toHaveProperty(STAGING_EU);
  });

  test('asks it again after five seconds, once for all', async () => {
    const { query, failIn, pass, arrived, waitsFor, made, counts } = await start();
    failIn({ [STAGING_EU]: HANGS });
    const first = query(page(args));
    await arrived(STAGING_EU);
    await waitsFor(1);
    await pass(PATIENCE_MS);
    await first;
    await pass(PAUSE_MS);
    made.length = 0;
    const asking = query(page(args));
    await arrived(STAGING_EU);
    for (let i = 0; i < 5; i += 1) {
      const { data } = await query(page(args)); // these wait for nothing
      expect(data.clientCertificates.unavailable).toHaveLength(1);
    }
    expect(counts()[STAGING_EU]).toBe(1);
    await pass(PATIENCE_MS);
    expect((await asking).data.clientCertificates.unavailable).toHaveLength(1);
  });

  test('has it again as soon as it answers', async () => {
    const { query, failIn, pass, arrived, waitsFor } = await start();
    const { promise: until, resolve: release } = Promise.withResolvers<void>();
    failIn({ [STAGING_EU]: { kind: 'held', until } });
    const first = query(page(args));
    await arrived(STAGING_EU);
    await waitsFor(1);
    await pass(PATIENCE_MS);
    await first;
    failIn({});
    const available = async () => {
      const { data } = await query('{ accountRegions { unavailable { code } } }');
      return data.accountRegions.every(({ unavailable }: { unavailable: object | null }) => !unavailable);
    };
    expect(await available()).toBe(false);
    release(); // late, but AWS answers
    while (!(await available())) await turns();
    const { data } = await query(page(args));
    expect(idsOf(data.clientCertificates)).toEqual(idsWithout());
    expect(data.clientCertificates.unavailable).toEqual([]);
  });
});

test('several that do not answer delay a list by no more than one does', async () => {
  for (const args of [ORDERED, 'filter: { descriptionContains: "number" }']) {
    const { query, failIn, pass, arrived, waitsFor } = await start();
    failIn({ [PROD_US]: HANGS, [STAGING_EU]: HANGS, [STAGING_US]: HANGS });
    const answer = query(page(args));
    for (const place of PLACES) await arrived(place);
    await waitsFor(3);
    await pass(PATIENCE_MS);
    const { data } = await answer;
    expect(idsOf(data.clientCertificates)).toEqual(idsIn(PROD_EU, SEEDS[PROD_EU]));
    expect(data.clientCertificates.unavailable).toHaveLength(3);
  }
});

describe.for([
  ['denies', denied, 1],
  ['fails', failed, 3], // with the repetitions of the SDK
  ['throttles', throttled, 3],
] as const)('where one %s', ([, fault, attempts]) => {
  test('many lists ask it once in five seconds', async () => {
    const { query, failIn, pass, countsOf } = await start();
    failIn({ [STAGING_EU]: fault });
    const counts = await countsOf(async () => {
      for (let i = 0; i < 20; i += 1) {
        await Promise.all([
          query(page(ORDERED)),
          query(page(PLAIN)),
          query('{ clientCertificates { totalCount } }'),
        ]);
        await pass(PAUSE_MS / 10);
      }
    });
    expect(counts[PROD_EU]).toBeGreaterThanOrEqual(20);
    expect(counts[STAGING_EU]).toBeLessThanOrEqual(2 * 2 * attempts); // the whole list and a page, twice in ten seconds
  });

  test('a list that is about it alone is an error, and asks it no more often', async () => {
    const { query, failIn, countsOf } = await start();
    failIn({ [STAGING_EU]: fault });
    const counts = await countsOf(async () => {
      for (let i = 0; i < 10; i += 1) {
        const { errors } = await query(page('filter: { accounts: ["staging"], regions: ["eu-central-1"] }'));
        expect(errors).toHaveLength(1);
      }
    });
    expect(counts).toEqual({ [STAGING_EU]: attempts });
  });
});

test('a read that hangs and then fails says nothing once a later one went well', async () => {
  const { query, failIn, pass, arrived, waitsFor, metrics } = await start(SHORT_CALLS);
  failIn({ [STAGING_EU]: HANGS });
  const slow = query(page(ORDERED));
  await arrived(STAGING_EU);
  await waitsFor(1);
  await pass(PATIENCE_MS);
  await slow;
  failIn((place, operation) => (place === STAGING_EU && operation !== GET ? HANGS : undefined));
  const { data } = await query(`{ clientCertificate(id: "${globalIdIn(STAGING_EU, 'c000')}") { account } }`);
  expect(data.clientCertificate).toEqual({ account: 'staging' });
  const attempts =
    'certway_account_region_calls_total{account="staging",region="eu-central-1",outcome="UPSTREAM_TIMEOUT"} 3';
  await until(async () => expect(await metrics.text()).toContain(attempts));
  await turns();
  const known = await query('{ accountRegions { unavailable { code } } }');
  expect(known.data.accountRegions).toEqual(PLACES.map(() => ({ unavailable: null })));
});

describe('while the account cannot be entered', () => {
  test('that is what its regions are unavailable for, and STS is not asked by every list', async () => {
    const { query, pass, made } = await start(
      {},
      {
        emulator: { trust: (roleArn: string) => !roleArn.includes('222222222222') },
      },
    );
    for (let i = 0; i < 10; i += 1) {
      const { data } = await query(page(ORDERED));
      expect(idsOf(data.clientCertificates)).toEqual(idsWithout(STAGING_EU, STAGING_US));
      expect(data.clientCertificates.unavailable).toMatchObject([
        { account: 'staging', unavailable: { code: 'UPSTREAM_DENIED' } },
        { account: 'staging', unavailable: { code: 'UPSTREAM_DENIED' } },
      ]);
      await pass(100);
    }
    expect(made.filter(({ operation }) => operation === 'AssumeRole (sts)').length).toBeLessThanOrEqual(3);
  });

  test('a list waits two seconds for STS, which does not answer, and not again for five', async () => {
    const { query, failRole, pass, arrived, waitsFor, made } = await start();
    failRole((roleArn) => (roleArn === roleOf('staging') ? HANGS : undefined));
    const answer = query(page(ORDERED));
    await arrived(PROD_US);
    await until(() => expect(made.filter(({ place }) => !place)).toHaveLength(2));
    await waitsFor(2);
    await pass(PATIENCE_MS);
    expect((await answer).data.clientCertificates.unavailable).toHaveLength(2);
    for (const part of [0, PAUSE_MS - 1]) {
      await pass(part);
      const { data } = await query(page(ORDERED)); // which no passing of time has to end
      expect(idsOf(data.clientCertificates)).toEqual(idsWithout(STAGING_EU, STAGING_US));
    }
    expect(made.filter(({ place }) => !place)).toHaveLength(2);
  });
});
