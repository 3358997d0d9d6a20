import { expect, test } from 'vitest';
import { createServiceClock, turns } from '../support/clock.ts';
import { until } from '../support/sharing.ts';
import { APIS, indexOf, replace, startCrawling, usageOf } from './crawling.ts';
import { HOUR_MS } from './processes.ts';
import { startProxy } from './proxy.ts';
import { startRedis } from './redis-server.ts';

const never = new Promise(() => undefined);

/** Two replicas that know the stages, one of which has replaced a certificate while Redis was away. */
async function changeWithoutRedis() {
  const redis = await startRedis();
  const { replicas, pass } = await startCrawling(redis.url, 2);
  await pass(30_000);
  const [a, b] = replicas;
  await redis.kill();
  await pass(1000);
  await replace(a, 'c000', 'c001');
  await redis.restart();
  return { b, replicas, pass };
}

test('a change that could not be told is told when Redis answers again', async () => {
  const { b, pass } = await changeWithoutRedis();
  await until(async () => {
    await pass(5000);
    expect(await usageOf(b, 'c001')).toMatchObject({ usage: 'IN_USE' });
    expect(await usageOf(b, 'c000')).toMatchObject({ usage: 'UNUSED' });
  });
});

test('a replica that was the only one to know a change tells it once Redis is back, before the next crawl', async () => {
  const { b, replicas } = await changeWithoutRedis();
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
  const order = '{certway:1}:order:us-east-1';
  const names = (await redis.command('ZRANGE', order, '0', '-1')) as string[];
  for (const name of names) await redis.command('ZINCRBY', order, `${HOUR_MS}`, name); // so far was the clock ahead
  await pass(10_000);
  await redis.restart();
  await until(async () => {
    for (const { metrics } of replicas) expect(await metrics.text()).toMatch(/^certway_shared_cache_up 1$/m);
  });
  await pass(1000);
  await replace(a, 'c000', 'c001');
  expect(await usageOf(b, 'c001')).toMatchObject({ usage: 'IN_USE' });
});

/** Two replicas that know the stages, one of which has replaced a certificate, and a Redis that can go back to what it knew then, which is ten minutes old by its clock. */
async function startRestorable() {
  const redis = await startRedis();
  const world = await startCrawling(redis.url, 2);
  await world.pass(30_000);
  await replace(world.replicas[0], 'c000', 'c001');
  const facts = '{certway:1}:facts:us-east-1';
  const stored = (await redis.command('HGETALL', facts)) as string[];
  await redis.command(
    'HSET',
    facts,
    ...stored.map((text) => text.replace(/^\d{9,}/, (at) => `${Number(at) - 600_000}`)),
  );
  await redis.command('SAVE');
  const restore = async () => {
    await redis.restart();
    await until(async () => {
      for (const { metrics } of world.replicas)
        expect(await metrics.text()).toMatch(/^certway_shared_cache_up 1$/m);
    });
  };
  return { ...world, restore };
}

test('after a restart of Redis from a snapshot, a replica that starts is told the changes since', async () => {
  const { replicas, pass, start, restore } = await startRestorable();
  await replace(replicas[0], 'c001', 'c000');
  await pass(1000);
  await restore();
  await pass(10_000);
  const later = await start();
  await later.server.knowledge.of(later.accountRegion).turns?.crawl.take();
  for (const one of [...replicas, later]) {
    expect(await usageOf(one, 'c000')).toMatchObject({ usage: 'IN_USE' });
    expect(await usageOf(one, 'c001')).toMatchObject({ usage: 'UNUSED' });
  }
});

test('after a restart of Redis from a snapshot, no replica forgets an API that was made since', async () => {
  const { replicas, pass, clock, restore } = await startRestorable();
  const [{ stageIndex } = expect.fail()] = replicas;
  const made = { protocol: 'REST', apiId: 'made', name: 'made' } as const;
  const now = { atMs: clock.elapsedMs(), at: clock.now() };
  const apis = [...stageIndex.entries()].flatMap(({ subject }) =>
    subject.kind === 'stages' ? [subject.api] : [],
  );
  stageIndex.listed('REST', [...apis, made], now);
  stageIndex.read(made, [], now);
  await pass(5000);
  const all = { apis: APIS + 1, apisRead: APIS + 1, complete: true };
  for (const one of replicas) expect(await indexOf(one)).toEqual(all);
  await restore();
  for (const one of replicas) expect(await indexOf(one)).toEqual(all);
});

test('an older word that a stage was gone is told to nobody, not even when Redis has lost the newer one', async () => {
  const redis = await startRedis();
  const { replicas, pass, start, clock } = await startCrawling(redis.url, 2);
  await pass(30_000);
  const [{ stageIndex } = expect.fail()] = replicas;
  const [{ node } = expect.fail()] = stageIndex.snapshot().stages;
  const facts = { name: 'prod', certificateReference: 'c001', lastUpdatedDate: null };
  await stageIndex.note(node.api, facts, { atMs: clock.elapsedMs(), at: clock.now() });
  await stageIndex.stageGone(node.api, 'prod', { atMs: clock.elapsedMs() - 1000, at: clock.now() });
  await redis.command('FLUSHALL');
  await pass(10_000);
  const later = await start();
  await later.server.knowledge.of(later.accountRegion).turns?.crawl.take();
  expect(await usageOf(later, 'c001')).toMatchObject({ usage: 'IN_USE' });
});

/** Two replicas that know the stages, and whose timers stand still, with their link to Redis. */
async function startFrozen() {
  const redis = await startRedis();
  const proxy = await startProxy(redis.path);
  const { later, pass: passTimers } = createServiceClock();
  const world = await startCrawling(proxy.url, 2, { later });
  await world.pass(30_000);
  return { ...world, proxy, passTimers };
}

test('where Redis begins to hang while stages are changed, that is answered after 50 ms', async () => {
  const { replicas, proxy, fail, calls, passTimers } = await startFrozen();
  const [a] = replicas;
  fail((call) => {
    if (call === 'UpdateStage') proxy.be({ held: never });
    return undefined;
  });
  let isReplaced = false;
  const replacing = replace(a, 'c000', 'c001').finally(() => {
    isReplaced = true;
  });
  await until(() => expect(calls).toContain('UpdateStage'));
  await until(async () => {
    await turns();
    expect(proxy.asked()).toContain('"c001"');
  });
  await turns();
  expect(isReplaced).toBe(false);
  await passTimers(50);
  await replacing;
});

test('while it is not known yet what another replica has changed, no use is told that may be over', async () => {
  const { replicas, proxy, passTimers } = await startFrozen();
  const [a, b] = replicas;
  await usageOf(b, 'c000'); // the certificate is known then
  await replace(a, 'c000', 'c001');
  const news = () => proxy.asked().split('ZRANGEBYSCORE').length;
  const before = news();
  proxy.be({
    get held() {
      return news() > before ? never : undefined;
    },
  });
  const asking = usageOf(b, 'c000');
  await until(() => expect(news()).toBeGreaterThan(before));
  await turns();
  await passTimers(50);
  expect(await asking).toMatchObject({ usage: 'UNKNOWN' });
});
