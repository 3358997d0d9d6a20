import { expect, test } from 'vitest';
import { until } from '../support/sharing.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

const GENERATE = `mutation { generateClientCertificate(input: { idempotencyKey: "a-key-of-mine-1" }) {
  ... on GenerateClientCertificatePayload { generated clientCertificate { clientCertificateId } }
} }`;

test('a request that comes to all replicas at once generates one certificate, by one call', async () => {
  const redis = await startRedis();
  const { replicas, calls } = await startReplicas({
    redisUrl: redis.url,
    count: 5,
    clock: { wait: async () => undefined },
  });
  const answers = await Promise.all(replicas.map(async ({ query }) => query(GENERATE)));
  const payloads = answers.map(({ data }) => data.generateClientCertificate);
  expect(payloads.filter(({ generated }) => generated)).toHaveLength(1);
  expect(new Set(payloads.map(({ clientCertificate }) => clientCertificate.clientCertificateId)).size).toBe(
    1,
  );
  expect(calls.filter((call) => !call.startsWith('Get'))).toEqual(['GenerateClientCertificate']);
  const keys = (await redis.command('KEYS', '*')) as string[];
  expect(keys.join()).not.toContain('a-key-of-mine-1');
});

test('where a replica was killed while it generated, the next one goes on, and finds what was generated', async () => {
  const redis = await startRedis();
  const { replicas, calls, fail } = await startReplicas({
    redisUrl: redis.url,
    clock: { wait: async () => undefined },
  });
  const [killed, other] = replicas;
  const { promise, resolve } = Promise.withResolvers<void>();
  fail((call) => (call === 'GenerateClientCertificate' ? { kind: 'held', until: promise } : undefined));
  const lost = killed?.query(GENERATE);
  await until(() => expect(calls).toContain('GenerateClientCertificate'));
  killed?.server.close(); // from now on, nobody keeps its lease
  fail(() => undefined);
  const { data } = (await other?.query(GENERATE)) ?? {};
  expect(data.generateClientCertificate).toMatchObject({ generated: false });
  expect(calls.filter((call) => call === 'GenerateClientCertificate')).toHaveLength(1);
  resolve();
  await lost;
});

test('without Redis, a request that comes to all replicas at once gives one certificate', async () => {
  const redis = await startRedis();
  const { replicas } = await startReplicas({ redisUrl: redis.url, count: 3 });
  await redis.kill();
  const answers = await Promise.all(replicas.map(async ({ query }) => query(GENERATE)));
  const ids = answers.map(({ data }) => data.generateClientCertificate.clientCertificate.clientCertificateId);
  expect(new Set(ids).size).toBe(1);
});
