import { expect, test } from 'vitest';
import { COUNT, failed, GET, LIST, lookup, page, until, update } from '../support/sharing.ts';
import { startWorld } from './frozen.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

test('all replicas together make the one call that one of them would', async () => {
  const { url } = await startRedis();
  const { replicas, calls } = await startReplicas({ redisUrl: url, count: 5 });
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

test('while AWS fails, one replica tries again, and the others wait for that', async () => {
  const { a, b, calls, fail, redis } = await startWorld();
  for (const one of [a, b]) await one.query(lookup('c001'));
  const keys = async () => (await redis.command('KEYS', '*answer*')) as string[];
  await until(async () => expect(await keys()).toHaveLength(1));
  await redis.command('DEL', ...(await keys())); // its clock goes on, and those of the replicas do not
  fail(() => failed);
  for (const one of [a, b]) {
    await one.pass(1000);
    expect((await one.query(lookup('c001'))).extensions.stale).toBeDefined();
  }
  await until(async () => expect(await redis.command('KEYS', '*lease*')).toEqual([])); // half a second later
  calls.length = 0;
  await a.pass(500);
  await until(async () => {
    const [lease = ''] = (await redis.command('KEYS', '*lease*')) as string[];
    expect(await redis.command('GET', lease)).toBe('failed');
  });
  expect(calls).toHaveLength(1);
  const alone = async () => Number(/outcome="alone"\} (\d+)/.exec(await b.metrics.text())?.[1] ?? 0);
  const before = await alone();
  await b.pass(500);
  await until(async () => expect(await alone()).toBeGreaterThan(before));
  expect(calls).toHaveLength(1);
  fail(() => undefined);
  expect((await b.query(lookup('c001'))).data.clientCertificate).toMatchObject({
    clientCertificateId: 'c001',
  });
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
