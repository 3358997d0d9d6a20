import { expect, test } from 'vitest';
import { restApis } from '../support/service.ts';
import { startCrawlingEverywhere } from './crawling.ts';
import { denied, PLACES, PROD_EU, PROD_US, STAGING_EU, STAGING_US, throttled } from './support.ts';

const stages = (count: number) => ({ restApis: restApis(count, () => [{ stageName: 'prod' }]) });

const SEEDS = { [PROD_EU]: stages(3), [PROD_US]: stages(1), [STAGING_EU]: stages(2), [STAGING_US]: {} };

const INDEX = `query ($filter: ApiStageFilter) {
  apiStages(filter: $filter) { totalCount index { apis apisRead complete oldestReadAt } }
}`;

test('each place is read at its own rate, by calls of its own', async () => {
  const { pass, timesIn, query } = await startCrawlingEverywhere({ seeds: SEEDS });
  await pass(10_000);
  expect(timesIn(PROD_EU)).toEqual([0, 1000, 2000, 3000, 4000]);
  expect(timesIn(PROD_US)).toEqual([0, 1000, 2000]);
  expect(timesIn(STAGING_EU)).toEqual([0, 1000, 2000, 3000]);
  expect(timesIn(STAGING_US)).toEqual([0, 1000]);
  const { data } = await query(INDEX);
  expect(data.apiStages).toMatchObject({ totalCount: 6, index: { apis: 6, apisRead: 6, complete: true } });
});

test('the index is complete once that of each place is that is asked for', async () => {
  const { pass, query } = await startCrawlingEverywhere({ seeds: SEEDS });
  const indexOf = async (filter?: object) => (await query(INDEX, { filter })).data.apiStages.index;
  expect(await indexOf()).toEqual({ apis: 0, apisRead: 0, complete: false, oldestReadAt: null });
  await pass(2000);
  expect(await indexOf()).toMatchObject({ apis: 6, apisRead: 3, complete: false });
  expect(await indexOf({ accounts: ['prod'], regions: ['us-east-1'] })).toMatchObject({
    apis: 1,
    apisRead: 1,
    complete: true,
  });
  expect(await indexOf({ accounts: ['prod'] })).toMatchObject({ apis: 4, apisRead: 2, complete: false });
  await pass(2000);
  expect(await indexOf()).toMatchObject({ apis: 6, apisRead: 6, complete: true });
});

test('a place that throttles is paused, and no other is', async () => {
  const { pass, timesIn, failIn } = await startCrawlingEverywhere({ seeds: SEEDS });
  failIn((place) => (place === PROD_EU ? throttled : undefined));
  await pass(4000);
  expect(timesIn(STAGING_EU)).toEqual([0, 1000, 2000, 3000]);
  expect(timesIn(PROD_US)).toEqual([0, 1000, 2000]);
  const times = timesIn(PROD_EU);
  expect(times.length).toBeLessThan(4); // pauses of 1 s, 2 s and so on
  failIn(() => undefined);
  await pass(60_000);
  const gaps = timesIn(PROD_EU)
    .slice(times.length)
    .map((ms, i, all) => ms - (all[i - 1] ?? ms));
  expect(Math.max(...gaps.slice(0, 4))).toBeLessThanOrEqual(4000);
  expect(timesIn(PROD_EU).length).toBeGreaterThanOrEqual(times.length + 5);
});

test('an account that is denied leaves the index incomplete, says so in the log once, and stops no other', async () => {
  const { pass, query, failIn, log } = await startCrawlingEverywhere({ seeds: SEEDS });
  failIn((place, operation) =>
    place.startsWith('staging') && /^Get(Apis|RestApis|Stages)/.test(operation) ? denied : undefined,
  );
  await pass(30_000);
  const states = Object.fromEntries(
    await Promise.all(
      PLACES.map(async (place) => {
        const [account, region] = place.split('/');
        const { data } = await query(INDEX, { filter: { accounts: [account], regions: [region] } });
        return [place, data.apiStages.index.complete];
      }),
    ),
  );
  expect(states).toEqual({ [PROD_EU]: true, [PROD_US]: true, [STAGING_EU]: false, [STAGING_US]: false });
  expect((await query(INDEX)).data.apiStages).toMatchObject({ totalCount: 4, index: { complete: false } });
  const warnings = log.filter(({ msg }) => String(msg).startsWith('could not read'));
  expect(warnings.map(({ accountRegion, msg }) => `${accountRegion} ${msg}`).toSorted()).toEqual([
    'staging/eu-central-1 could not read the REST APIs',
    'staging/eu-central-1 could not read the WEBSOCKET APIs',
    'staging/us-east-1 could not read the REST APIs',
    'staging/us-east-1 could not read the WEBSOCKET APIs',
  ]);
});

test('with a rate of 0 nothing is read anywhere', async () => {
  const { query, crawlCalls } = await startCrawlingEverywhere({
    seeds: SEEDS,
    env: { STAGE_READS_PER_SECOND: '0' },
  });
  expect((await query(INDEX)).data.apiStages).toMatchObject({ totalCount: 0, index: { complete: false } });
  expect(crawlCalls).toEqual([]);
});
