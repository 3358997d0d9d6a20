import { DeleteRestApiCommand } from '@aws-sdk/client-api-gateway';
import { expect, onTestFinished, test } from 'vitest';
import { restApis } from '../support/service.ts';
import { until } from '../support/sharing.ts';
import { createCrawlClock } from '../support/stages.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

const APIS = 5;

/** A round: both lists, and every API. */
const ROUND = 2 + APIS;

const stageOf = (i: number) => `arn:aws:apigateway:us-east-1::/restapis/r00${i}/stages/prod`;

/** Replicas that read the stages of five APIs, the first of which has a certificate. */
async function startCrawling(redisUrl: string, count: number) {
  const { pass, ...clock } = createCrawlClock(count);
  const world = await startReplicas({
    redisUrl,
    count: 0,
    certificates: 3,
    emulator: {
      restApis: restApis(APIS, (i) => [
        { stageName: 'prod', ...(i === 0 && { clientCertificateId: 'c000' }) },
      ]),
    },
  });
  const start = async () =>
    world.start({ clock, env: { STAGE_READS_PER_SECOND: '1', ALLOW_UNAUTHENTICATED: 'true' } });
  const crawl = ({ server }: Awaited<ReturnType<typeof start>>) => {
    const ended = server.crawlStages();
    onTestFinished(async () => {
      server.close();
      await ended;
    });
  };
  const replicas = await Promise.all(Array.from({ length: count }, start));
  for (const one of replicas) crawl(one);
  return {
    ...world,
    replicas,
    start,
    crawl,
    pass,
    crawlCalls: () => world.calls.filter((call) => /^Get(Apis|RestApis|Stages)/.test(call)),
  };
}

type Replica = Awaited<ReturnType<typeof startCrawling>>['replicas'][number];

const indexOf = async ({ query }: Replica) =>
  (await query('{ apiStages { index { apis apisRead complete } } }')).data.apiStages.index;
const usageOf = async (replica: Replica | undefined, id: string) =>
  (await replica?.query(`{ clientCertificate(id: "${id}") { usage stages { nodes { arn } } } }`))?.data
    .clientCertificate;

/** Moves all stages from a certificate to another. */
async function replace(by: Replica | undefined, from: string, to: string): Promise<void> {
  const { data } =
    (await by?.query(`{ clientCertificate(id: "${to}") { x509 { fingerprintSha256 } } }`)) ?? {};
  const replaced = await by?.query(`mutation { replaceClientCertificate(input: {
    id: "${from}", with: "${to}", trustedFingerprintSha256: "${data.clientCertificate.x509.fingerprintSha256}"
  }) { ... on ReplaceClientCertificatePayload { outcomes { status } } } }`);
  expect(replaced?.data.replaceClientCertificate).toEqual({ outcomes: [{ status: 'REPLACED' }] });
}

const COMPLETE = { apis: APIS, apisRead: APIS, complete: true };

test('one replica at a time reads the stages, and all of them know them', async () => {
  const { url } = await startRedis();
  const { replicas, pass, crawlCalls } = await startCrawling(url, 3);
  await pass(30_000);
  for (const one of replicas) {
    expect(await indexOf(one)).toEqual(COMPLETE);
    expect(await usageOf(one, 'c000')).toEqual({ usage: 'IN_USE', stages: { nodes: [{ arn: stageOf(0) }] } });
    expect(await usageOf(one, 'c001')).toEqual({ usage: 'UNUSED', stages: { nodes: [] } });
  }
  expect(crawlCalls()).toHaveLength(ROUND);
  await pass(10 * 60_000); // the lists and the API with a certificate every minute, the others every four
  expect(crawlCalls().length).toBeLessThanOrEqual(ROUND + 10 * 3 + 3 * (APIS - 1));
});

test('what was read of stages is there after a restart of all replicas', async () => {
  const { url } = await startRedis();
  const { replicas, pass, start, crawlCalls } = await startCrawling(url, 2);
  await pass(30_000);
  for (const { server } of replicas) server.close();
  const before = crawlCalls().length;
  const later = await start();
  const { server } = later;
  expect(await later.server.knowledge.of(later.accountRegion).turns?.crawl.take()).toBe(false); // of one that has ended
  expect(await indexOf(later)).toEqual(COMPLETE);
  expect(crawlCalls()).toHaveLength(before);
  server.close();
});

test('a stage that one replica changes is changed for the next read through any other', async () => {
  const { url } = await startRedis();
  const { replicas, pass } = await startCrawling(url, 3);
  await pass(30_000);
  const bySwaps = [
    ['c000', 'c001'],
    ['c001', 'c000'],
    ['c000', 'c001'],
  ] as const;
  for (const [i, [from, to]] of bySwaps.entries()) {
    await pass(1000); // as Redis's clock does
    const by = replicas[i];
    await replace(by, from, to);
    for (const one of replicas) {
      expect(await usageOf(one, to)).toMatchObject({ usage: 'IN_USE' });
      expect(await usageOf(one, from)).toMatchObject({ usage: 'UNUSED' });
    }
  }
});

test('a change that could not be told is told when Redis answers again', async () => {
  const redis = await startRedis();
  const { replicas, pass } = await startCrawling(redis.url, 2);
  await pass(30_000);
  const [a, b] = replicas;
  await redis.kill();
  await pass(1000);
  await replace(a, 'c000', 'c001');
  await redis.restart();
  await until(async () => {
    await pass(5000);
    expect(await usageOf(b, 'c001')).toMatchObject({ usage: 'IN_USE' });
    expect(await usageOf(b, 'c000')).toMatchObject({ usage: 'UNUSED' });
  });
});

test('an API that is deleted goes for all of them, and nothing of it is kept', async () => {
  const redis = await startRedis();
  const { replicas, pass, client } = await startCrawling(redis.url, 2);
  await pass(30_000);
  await client.send(new DeleteRestApiCommand({ restApiId: 'r000' }));
  await pass(2 * 60_000);
  for (const one of replicas) {
    expect(await indexOf(one)).toEqual({ apis: APIS - 1, apisRead: APIS - 1, complete: true });
    expect(await usageOf(one, 'c000')).toMatchObject({ usage: 'UNUSED' });
  }
  const names = (await redis.command('HKEYS', '{certway:1}:facts:us-east-1')) as string[];
  expect(names.filter((name) => name.includes('r000'))).toEqual([]);
  expect(names).toContain('2 REST r001');
});

test('a Redis that has lost the stages is told them again', async () => {
  const redis = await startRedis();
  const { replicas, pass, start } = await startCrawling(redis.url, 2);
  await pass(30_000);
  await redis.command('FLUSHALL');
  await pass(20_000);
  const later = await start();
  await until(async () => {
    await later.server.knowledge.of(later.accountRegion).turns?.crawl.take();
    expect(await indexOf(later)).toEqual(COMPLETE);
  });
  for (const one of replicas) expect(await indexOf(one)).toEqual(COMPLETE);
});

test('without Redis, each replica reads the stages for itself', async () => {
  const redis = await startRedis();
  await redis.kill();
  const { replicas, pass, crawlCalls } = await startCrawling(redis.url, 2);
  await pass(30_000);
  for (const one of replicas) expect(await indexOf(one)).toEqual(COMPLETE);
  expect(crawlCalls()).toHaveLength(2 * ROUND);
});

test('a replica that was the only one to know a change tells it once Redis is back, before the next crawl', async () => {
  const redis = await startRedis();
  const { replicas, pass } = await startCrawling(redis.url, 2);
  await pass(30_000);
  const [a, b] = replicas;
  await redis.kill();
  await pass(1000);
  await replace(a, 'c000', 'c001');
  await redis.restart();
  await until(async () => {
    for (const { metrics } of replicas) expect(await metrics.text()).toMatch(/^certway_shared_cache_up 1$/m); // no time passes for the crawl
  });
  await until(async () => expect(await usageOf(b, 'c001')).toMatchObject({ usage: 'IN_USE' }));
});

test('after a failover to a Redis whose clock is behind, changes are seen', async () => {
  const redis = await startRedis();
  const { replicas, pass } = await startCrawling(redis.url, 2);
  await pass(30_000);
  const [a, b] = replicas;
  const hour = 3_600_000;
  const order = '{certway:1}:order:us-east-1';
  const names = (await redis.command('ZRANGE', order, '0', '-1')) as string[];
  for (const name of names) await redis.command('ZINCRBY', order, `${hour}`, name); // so far was the clock ahead
  await pass(10_000);
  await redis.restart();
  await until(async () => {
    for (const { metrics } of replicas) expect(await metrics.text()).toMatch(/^certway_shared_cache_up 1$/m);
  });
  await pass(1000);
  await replace(a, 'c000', 'c001');
  expect(await usageOf(b, 'c001')).toMatchObject({ usage: 'IN_USE' });
});
