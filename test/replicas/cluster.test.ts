import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { lookup, until, update } from '../support/sharing.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

test('in a cluster, all commands stay within one slot, and replicas share as well', async () => {
  const port = await freePort();
  const redis = await startRedis(
    '--port',
    `${port}`,
    '--cluster-enabled',
    'yes',
    '--cluster-port',
    `${await freePort()}`,
  );
  await redis.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await until(async () => expect(await redis.command('CLUSTER', 'INFO')).toContain('cluster_state:ok'));
  const { replicas, calls } = await startReplicas({
    redisUrl: `redis://127.0.0.1:${port}`,
    count: 2,
    env: { REDIS_CLUSTER: 'true', AWS_REGIONS: 'us-east-1,eu-west-1' },
  });
  const [a, b] = replicas;
  const id = 'arn:aws:apigateway:us-east-1::/clientcertificates/c001';
  await a?.query(lookup(id));
  const before = calls.length;
  await b?.query(lookup(id));
  expect(calls).toHaveLength(before);
  await a?.query(update(id, 'changed'));
  expect((await b?.query(lookup(id)))?.data.clientCertificate.description).toBe('changed');
  for (const { log } of replicas) expect(log.filter(({ level }) => level === 'warn')).toEqual([]);
});
