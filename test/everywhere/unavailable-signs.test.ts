import { describe, expect, test } from 'vitest';
import { until } from '../support/sharing.ts';
import {
  denied,
  failed,
  globalIdIn,
  PLACES,
  PROD_EU,
  PROD_US,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
  throttled,
} from './support.ts';

const SEEDS = { [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 1 };
const LIST_ALL =
  '{ clientCertificates(first: 100) { nodes { id } unavailable { region unavailable { since } } } }';
const STATES = '{ accountRegions { account accountId region unavailable { code message since } } }';

const start = (env = {}) => startEverywhere({ seeds: SEEDS, env });

const DENIED = { code: 'UPSTREAM_DENIED', message: 'AWS refuses the credentials of this service.' };

describe('accountRegions', () => {
  test('has all of them in the configured order, and asks nobody', async () => {
    const { query, countsOf, made } = await start();
    const counts = await countsOf(async () => {
      const { data } = await query(STATES);
      expect(data.accountRegions).toEqual([
        { account: 'prod', accountId: '111111111111', region: 'eu-central-1', unavailable: null },
        { account: 'prod', accountId: '111111111111', region: 'us-east-1', unavailable: null },
        { account: 'staging', accountId: '222222222222', region: 'eu-central-1', unavailable: null },
        { account: 'staging', accountId: '222222222222', region: 'us-east-1', unavailable: null },
      ]);
    });
    expect(counts).toEqual({});
    expect(made).toEqual([]);
  });

  test('says what is wrong, and since when, until it is over', async () => {
    const { query, failIn, pass, elapsedMs } = await start();
    const unavailable = async () => {
      const { data } = await query(STATES);
      expect(data.accountRegions).toMatchObject(
        PLACES.map((place) => (place === STAGING_EU ? {} : { unavailable: null })),
      );
      return data.accountRegions[2].unavailable;
    };
    failIn({ [STAGING_EU]: denied });
    const first = await query(LIST_ALL);
    const { since } = await unavailable();
    expect(first.data.clientCertificates.unavailable[0].unavailable.since).toBe(since);
    const beganAtMs = elapsedMs();
    for (const [fault, code] of [
      [throttled, 'THROTTLED'],
      [failed, 'UPSTREAM_UNAVAILABLE'],
    ] as const) {
      failIn({ [STAGING_EU]: fault });
      await pass(60_000);
      await query(LIST_ALL);
      await until(async () => expect(await unavailable()).toMatchObject({ since, code })); // whatever it says now
    }
    failIn({});
    await pass(60_000);
    await query(LIST_ALL);
    await until(async () => expect(await unavailable()).toBeNull());
    failIn({ [STAGING_EU]: denied });
    await query(LIST_ALL);
    const again = await unavailable();
    expect(again).toEqual({ ...DENIED, since: expect.any(String) });
    expect(Date.parse(again.since) - Date.parse(since)).toBe(elapsedMs() - beganAtMs);
  });

  test('learns from lookups, too', async () => {
    const { query, failIn } = await start();
    const lookup = () => query(`{ clientCertificate(id: "${globalIdIn(PROD_US, 'b000')}") { id } }`);
    const code = async () => (await query(STATES)).data.accountRegions[1].unavailable?.code;
    failIn({ [PROD_US]: denied });
    expect((await lookup()).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_DENIED' } }]);
    expect(await code()).toBe('UPSTREAM_DENIED');
    failIn({});
    await lookup();
    expect(await code()).toBeUndefined();
    const { data } = await query(LIST_ALL); // at once
    expect(data.clientCertificates).toMatchObject({ nodes: { length: 4 }, unavailable: [] });
  });
});

test('/ready stays ready, and lists what is denied where', async () => {
  const { query, failIn, server, pass } = await start();
  const ready = async () => {
    const response = await server.fetch('http://localhost/ready');
    return { status: response.status, body: await response.json() };
  };
  expect(await ready()).toEqual({ status: 200, body: { ready: true, aws: { denied: [] } } });
  failIn({ [STAGING_EU]: denied, [PROD_US]: denied, [PROD_EU]: throttled });
  await query(LIST_ALL);
  const denial = { operation: 'GetClientCertificates', reason: 'not-allowed' };
  expect(await ready()).toEqual({
    status: 200,
    body: {
      ready: true,
      aws: {
        denied: [
          { account: 'prod', region: 'us-east-1', ...denial },
          { account: 'staging', region: 'eu-central-1', ...denial },
        ],
      },
    },
  });
  failIn({});
  await pass(5000);
  await query(LIST_ALL);
  await until(async () =>
    expect(await ready()).toEqual({ status: 200, body: { ready: true, aws: { denied: [] } } }),
  );
});

test('the log has one line when it begins, one when it is something else, and one when it is over', async () => {
  const { query, failIn, pass, log } = await start();
  const lines = () => log.filter(({ msg }) => /in this account and region$/.test(`${msg}`));
  const where = { account: 'staging', region: 'eu-central-1' };
  const begins = { level: 'warn', msg: 'AWS does not answer in this account and region', ...where };
  const ends = { level: 'info', msg: 'AWS answers again in this account and region', ...where };
  await query(LIST_ALL);
  expect(lines()).toEqual([]);
  failIn({ [STAGING_EU]: denied });
  for (let i = 0; i < 4; i += 1) {
    await query(LIST_ALL);
    await pass(3000);
  }
  expect(lines()).toMatchObject([{ ...begins, code: 'UPSTREAM_DENIED', reason: DENIED.message }]);
  failIn({ [STAGING_EU]: throttled });
  await pass(60_000);
  await query(LIST_ALL);
  await until(() => expect(lines().slice(1)).toMatchObject([{ ...begins, code: 'THROTTLED' }]));
  failIn({});
  await pass(60_000);
  await query(LIST_ALL);
  await until(() => expect(lines().slice(2)).toEqual([ends]));
  await query(LIST_ALL);
  expect(lines()).toHaveLength(3);
});

test('a metric says where AWS does not answer', async () => {
  const { query, failIn, pass, metrics } = await start();
  const values = async () =>
    Object.fromEntries(
      Array.from(
        (await metrics.text()).matchAll(
          /^certway_account_region_unavailable\{account="(\w+)",region="([\w-]+)"\} (\d)$/gm,
        ),
        ([, account, region, value]) => [`${account}/${region}`, value],
      ),
    );
  failIn({ [STAGING_EU]: denied, [PROD_US]: failed });
  await query(LIST_ALL);
  expect(await values()).toMatchObject({ [STAGING_EU]: '1', [PROD_US]: '1' });
  expect(await values()).not.toMatchObject({ [PROD_EU]: '1' });
  expect(await values()).not.toMatchObject({ [STAGING_US]: '1' });
  failIn({});
  await pass(5000);
  await query(LIST_ALL);
  await until(async () => expect(await values()).toMatchObject({ [STAGING_EU]: '0', [PROD_US]: '0' }));
});

test('the log tells once of each account and region that AWS denies, and says what it denies', async () => {
  const { log, server, failIn, query } = await start();
  failIn({ [STAGING_EU]: denied, [PROD_US]: denied });
  await query(LIST_ALL);
  const { stop } = await server.start();
  await until(() =>
    expect(log.some(({ msg }) => msg === 'AWS does not answer in this account and region')).toBe(true),
  );
  await stop();
  const warnings = log.filter(({ level }) => level === 'warn');
  expect(warnings.map(({ account, region }) => `${account}/${region}`).toSorted()).toEqual([
    PROD_US,
    STAGING_EU,
  ]);
  for (const { aws } of warnings)
    expect(aws).toMatchObject({ operation: 'GetClientCertificates', denial: { reason: 'not-allowed' } });
});
