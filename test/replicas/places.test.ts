import { expect, test } from 'vitest';
import { lookup, until, update } from '../support/sharing.ts';
import { described, startWorld } from './frozen.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';
import { storedAnswers } from './stored-answers.ts';

const REGIONS = { AWS_REGIONS: 'us-east-1,eu-west-1' };

const LIST = '{ clientCertificates { nodes { region clientCertificateId description } } }';

test('each account and region has its own keys, and a change in one leaves the answers of the others', async () => {
  const redis = await startRedis();
  const { replicas, calls } = await startReplicas({ redisUrl: redis.url, count: 2, env: REGIONS });
  const [a, b] = replicas;
  const first = await a?.query(LIST);
  expect(first?.errors).toBeUndefined();
  expect(await b?.query(LIST)).toEqual(first);
  expect(calls).toHaveLength(2);
  const keys = (await redis.command('KEYS', '*answer*')) as string[];
  expect(keys.map((key) => key.slice(0, key.indexOf('}') + 1)).toSorted()).toEqual([
    '{certway:1:eu-west-1}',
    '{certway:1:us-east-1}',
  ]);
  calls.length = 0;
  await a?.query(update('arn:aws:apigateway:us-east-1::/clientcertificates/c001', 'changed'));
  const { data } = (await b?.query(LIST)) ?? {};
  expect(data.clientCertificates.nodes).toContainEqual({
    region: 'us-east-1',
    clientCertificateId: 'c001',
    description: 'changed',
  });
  expect(calls.filter((call) => call === 'GetClientCertificates')).toHaveLength(1);
});

test('replicas whose clocks are an hour apart share what is younger than the TTL', async () => {
  const redis = await startRedis();
  const hour = 3_600_000;
  const { start, calls } = await startReplicas({ redisUrl: redis.url, count: 0 });
  const later = await start({ clock: { elapsedMs: () => hour + performance.now() } });
  const earlier = await start({ clock: { elapsedMs: () => performance.now() } });
  for (const { query } of [later, earlier, later]) await query(lookup('c001'));
  expect(calls).toHaveLength(1);
  await later.query(update('c001', 'by the later one'));
  expect((await earlier.query(lookup('c001'))).data.clientCertificate.description).toBe('by the later one');
  await earlier.query(update('c001', 'by the earlier one'));
  expect((await later.query(lookup('c001'))).data.clientCertificate.description).toBe('by the earlier one');
});

test('what is in Redis is old when the TTL of the replica that looks is over', async () => {
  const redis = await startRedis();
  const { start, calls } = await startReplicas({ redisUrl: redis.url, count: 0 });
  const patient = await start();
  const hasty = await start({ env: { CACHE_TTL_MS: '1' } });
  await patient.query(lookup('c001'));
  await until(async () => {
    await hasty.query(lookup('c001'));
    expect(calls.length).toBeGreaterThan(1);
  });
});

test('with CACHE_TTL_MS=0 a replica reads for itself, and still tells the others of changes', async () => {
  const redis = await startRedis();
  const { start, calls } = await startReplicas({ redisUrl: redis.url, count: 0 });
  const sharing = await start();
  const alone = await start({ env: { CACHE_TTL_MS: '0' } });
  await sharing.query(lookup('c001'));
  await alone.query(lookup('c001'));
  expect(calls).toHaveLength(2);
  await alone.query(update('c001', 'changed'));
  expect((await sharing.query(lookup('c001'))).data.clientCertificate.description).toBe('changed');
});

test('the metrics tell of the commands, the bytes and the leases', async () => {
  const redis = await startRedis();
  const { replicas } = await startReplicas({ redisUrl: redis.url, count: 2 });
  for (const { query } of replicas) await query(lookup('c001'));
  const [first, second] = await Promise.all(replicas.map(async ({ metrics }) => metrics.text()));
  expect(first).toMatch(/^certway_shared_cache_reads_total\{outcome="lease"\} 1$/m);
  expect(second).toMatch(/^certway_shared_cache_reads_total\{outcome="fresh"\} 1$/m);
  for (const text of [first, second]) {
    expect(text).toMatch(/^certway_shared_cache_up 1$/m);
    expect(text).toMatch(/^certway_shared_cache_calls_total\{call="epoch",outcome="ok"\} [1-9]/m);
    expect(text).toMatch(/^certway_shared_cache_bytes_total\{direction="received"\} [1-9]/m);
  }
});

test('what is stored but cannot be read is read from AWS again, and replaced', async () => {
  const { redis, a, b, calls } = await startWorld();
  await described(a);
  const [key = ''] = await storedAnswers(redis);
  for (const text of ['{', '{"items":5}', 'null', '[]'])
    await redis.command('HSET', key, 'text', text, 'hash', text);
  calls.length = 0;
  expect(await described(b)).toBeNull();
  expect(calls).toHaveLength(1);
  await until(async () => expect(await redis.command('HGET', key, 'text')).toContain('c001'));
});
