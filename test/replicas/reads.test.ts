import { expect, test } from 'vitest';
import { COUNT, failed, GET, LIST, lookup, page, until, update } from '../support/sharing.ts';
import { described, startWorld } from './frozen.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

test('all replicas together make the one call that one of them would', async () => {
  const { url } = await startRedis();
  const { replicas, calls } = await startReplicas({ redisUrl: url, count: 5 });
  for (const { query } of replicas) await query('{ viewer { name } }'); // what runs for the first time is slow, and Redis is not waited for long
  const questions = [COUNT, lookup('c001'), page(2), lookup('c002'), lookup('none')];
  const answers = await Promise.all(
    replicas.flatMap(({ query }) => questions.map(async (question) => query(question))),
  );
  expect(answers.slice(5).map(({ data }) => data)).toEqual(
    Array.from({ length: 4 }, () => answers.slice(0, 5).map(({ data }) => data)).flat(),
  );
  expect(answers[0]).toEqual({ data: { clientCertificates: { totalCount: 3 } } });
  expect(calls).toEqual([LIST]);
});

test('a replica that starts later finds what the others know', async () => {
  const { url } = await startRedis();
  const { replicas, calls, start } = await startReplicas({ redisUrl: url, count: 1 });
  const first = await replicas[0]?.query(page(2));
  const later = await start();
  expect(await later.query(page(2))).toEqual(first);
  expect(calls).toEqual([LIST]);
});

test('each page of many is read once by all of them', async () => {
  const { url } = await startRedis();
  const { replicas, calls } = await startReplicas({ redisUrl: url, count: 3, certificates: 1100 });
  for (const { query } of replicas)
    expect(await query(COUNT)).toEqual({ data: { clientCertificates: { totalCount: 1100 } } });
  expect(calls).toEqual([LIST, LIST, LIST]);
});

test('a write through one replica is seen by the next read through any other', async () => {
  const { url } = await startRedis();
  const { replicas } = await startReplicas({ redisUrl: url, count: 3 });
  for (const [i, { query }] of replicas.entries()) {
    await query(update('c001', `by ${i}`));
    for (const other of replicas)
      expect((await other.query(lookup('c001'))).data.clientCertificate).toMatchObject({
        description: `by ${i}`,
      });
  }
});

test('replicas with other keys share nothing', async () => {
  const { url } = await startRedis();
  const { calls, start, replicas } = await startReplicas({ redisUrl: url, count: 1 });
  await replicas[0]?.query(lookup('c001'));
  const other = await start({ env: { REDIS_KEY_PREFIX: 'other' } });
  await other.query(lookup('c001'));
  expect(calls).toHaveLength(2);
  expect(calls).not.toContain(GET);
});

test('while AWS fails, one replica at a time tries again in the background', async () => {
  const { url } = await startRedis();
  const { replicas, calls, fail } = await startReplicas({
    redisUrl: url,
    count: 3,
    env: { CACHE_TTL_MS: '1' },
  });
  for (const { query } of replicas) await query(lookup('c001'));
  fail(() => failed);
  for (const { query } of replicas)
    await until(async () => expect((await query(lookup('c001'))).extensions?.stale).toBeDefined());
  const countOf = async (outcome: string) => {
    const texts = await Promise.all(replicas.map(async ({ metrics }) => metrics.text()));
    const pattern = new RegExp(`^certway_shared_cache_reads_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm');
    return texts.reduce((sum, text) => sum + Number(pattern.exec(text)?.[1] ?? 0), 0);
  };
  const [leases, alone] = [await countOf('lease'), await countOf('alone')];
  calls.length = 0;
  await until(async () => expect(await countOf('alone')).toBeGreaterThan(alone + 2));
  expect(calls.length).toBeLessThanOrEqual((await countOf('lease')) - leases + 1); // one may have been under way
});

test('a replica that starts while AWS fails gives the stale answer that the others know', async () => {
  const { url } = await startRedis();
  const { replicas, start, fail } = await startReplicas({
    redisUrl: url,
    count: 1,
    env: { CACHE_TTL_MS: '1' },
  });
  await replicas[0]?.query(update('c001', 'before'));
  await replicas[0]?.query(lookup('c001'));
  fail(() => failed);
  const later = await start();
  await until(async () => {
    const { data, extensions } = await later.query(lookup('c001'));
    expect(data.clientCertificate).toMatchObject({ description: 'before' });
    expect(extensions.stale).toBeDefined();
  });
});

test('a replica whose calls are held back does not keep the others waiting', async () => {
  const { a, b } = await startWorld({ UPSTREAM_CALLS_PER_SECOND: '1' });
  for (let i = 0; i < 4; i += 1) await a.query(update('c001', `text ${i}`));
  let isAnswered = false;
  const asking = described(a).finally(() => {
    isAnswered = true;
  });
  await until(async () => expect(await a.metrics.text()).toContain('call="release",outcome="ok"'));
  expect(await described(b)).toBe('text 3'); // although no time passes
  expect(isAnswered).toBe(false);
  await a.pass(1000);
  expect(await asking).toBe('text 3');
});

test('with a budget of calls, all replicas together make the one call that one of them would', async () => {
  const { url } = await startRedis();
  const { replicas, calls } = await startReplicas({
    redisUrl: url,
    count: 5,
    env: { UPSTREAM_CALLS_PER_SECOND: '2' },
  });
  await Promise.all(replicas.map(async ({ query }) => query(COUNT)));
  expect(calls).toEqual([LIST]);
});
