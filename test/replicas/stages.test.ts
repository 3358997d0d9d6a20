import { DeleteRestApiCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { throttled, until } from '../support/sharing.ts';
import { APIS, COMPLETE, indexOf, ROUND, replace, stageOf, startCrawling, usageOf } from './crawling.ts';
import { HOUR_MS } from './processes.ts';
import { startRedis } from './redis-server.ts';

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

test('a replica that waits since AWS throttles it keeps its turn, so that no other asks AWS meanwhile', async () => {
  const redis = await startRedis();
  const { pass, crawlCalls, fail } = await startCrawling(redis.url, 1);
  const lease = '{certway:1:us-east-1}:crawl';
  fail(() => throttled);
  await pass(32_000); // after pauses of 1, 2, 4, 8 and 16 seconds
  const before = crawlCalls().length;
  expect(await redis.command('PEXPIRE', lease, `${HOUR_MS}`)).toBe(1);
  await pass(10_000);
  expect(crawlCalls()).toHaveLength(before);
  const leftMs = await redis.command('PTTL', lease);
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(15_000);
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

test('what one replica does not know any more, no other takes for known until it was read again', async () => {
  const { url } = await startRedis();
  const { replicas, pass, clock } = await startCrawling(url, 2);
  await pass(30_000);
  const [{ stageIndex } = expect.fail()] = replicas;
  const [
    {
      node: { api },
    } = expect.fail(),
  ] = stageIndex.snapshot().stages;
  await pass(1000);
  await stageIndex.doubt(api, { atMs: clock.elapsedMs(), at: new Date() });
  for (const one of replicas)
    expect(await indexOf(one)).toEqual({ ...COMPLETE, apisRead: APIS - 1, complete: false });
  await pass(2 * 60_000);
  for (const one of replicas) expect(await indexOf(one)).toEqual(COMPLETE);
});

test('what was read before a doubt ends it for no replica, though it comes later', async () => {
  const { url } = await startRedis();
  const { replicas, pass, clock } = await startCrawling(url, 3);
  const asked = { atMs: clock.elapsedMs() - 60_000, at: new Date() }; // Redis's clock does not pass as theirs does
  await pass(30_000);
  const [a, b] = replicas;
  const [{ node } = expect.fail()] = a?.stageIndex.snapshot().stages ?? [];
  await a?.stageIndex.doubt(node.api, { atMs: clock.elapsedMs(), at: new Date() });
  const doubted = { ...COMPLETE, apisRead: APIS - 1, complete: false };
  for (const one of replicas) expect(await indexOf(one)).toEqual(doubted);
  b?.stageIndex.read(node.api, [], asked);
  await pass(10_000); // all of them hear of it
  for (const one of replicas) expect(await indexOf(one)).toEqual(doubted);
});

test('a stage that one replica has not found stays where another one has read it later', async () => {
  const { url } = await startRedis();
  const { replicas, pass, start, clock } = await startCrawling(url, 2);
  const asked = { atMs: clock.elapsedMs() - 60_000, at: new Date() }; // Redis's clock does not pass as theirs does
  await pass(30_000);
  const [{ stageIndex } = expect.fail()] = replicas;
  const [{ node } = expect.fail()] = stageIndex.snapshot().stages;
  await stageIndex.stageGone(node.api, node.name, asked);
  await pass(10_000);
  const later = await start();
  await later.server.knowledge.of(later.accountRegion).turns?.crawl.take();
  for (const one of [...replicas, later])
    expect(await usageOf(one, 'c000')).toMatchObject({ usage: 'IN_USE' });
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
