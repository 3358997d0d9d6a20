import { DeleteRestApiCommand } from '@aws-sdk/client-api-gateway';
import { createClient } from '@redis/client';
import { expect, onTestFinished, test } from 'vitest';
import { startReceiver } from '../notifications/receiver.ts';
import { SECRET } from '../notifications/support.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { lookup, update } from '../support/sharing.ts';
import { startCrawling } from './crawling.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

/**
 * Every command that a replica may send, or its scripts may call, with the least and the most arguments that Redis 5.0 takes
 * (https://github.com/redis/redis/blob/5.0/src/server.c, redisCommandTable) and as ElastiCache and Valkey have them.
 */
const COMMANDS: Record<string, [least: number, most: number]> = {
  get: [2, 2],
  set: [3, 8],
  del: [2, Number.POSITIVE_INFINITY],
  eval: [3, Number.POSITIVE_INFINITY],
  hget: [3, 3],
  hlen: [2, 2],
  hmget: [3, Number.POSITIVE_INFINITY],
  hset: [4, Number.POSITIVE_INFINITY],
  hgetall: [2, 2],
  hexists: [3, 3],
  hdel: [3, Number.POSITIVE_INFINITY],
  zadd: [4, Number.POSITIVE_INFINITY],
  zrem: [3, Number.POSITIVE_INFINITY],
  zcard: [2, 2],
  zrangebyscore: [4, 10],
  zrevrange: [4, 5],
  incrby: [3, 3],
  time: [1, 1],
  expire: [3, 3],
  pexpire: [3, 3],
  pttl: [2, 2],
};

/** All commands from now on, with their arguments, those of scripts as well. */
async function watch(url: string): Promise<string[][]> {
  const seen: string[][] = [];
  const client = createClient({ url, RESP: 2 });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  await client.monitor((line) => {
    const text = String(line);
    const parts = [...text.slice(text.indexOf('] ') + 2).matchAll(/"((?:[^"\\]|\\.)*)"/g)];
    seen.push(parts.map(([, part = '']) => part));
  });
  return seen;
}

const KEY = 'k'.repeat(40);

test('replicas send what Redis 5 takes, and nothing else', async () => {
  const redis = await startRedis();
  const receiver = await startReceiver();
  const seen = await watch(redis.url);
  const crawling = await startCrawling(redis.url, 2);
  await crawling.pass(60_000);
  await crawling.client.send(new DeleteRestApiCommand({ restApiId: 'r000' }));
  await crawling.pass(2 * 60_000);
  const { replicas } = await startReplicas({
    redisUrl: redis.url,
    clock: { wait: async () => undefined },
    headers: { authorization: `Bearer ${KEY}` },
    env: {
      RATE_LIMIT_PER_MINUTE: '1000',
      AUTH: 'api-key',
      API_KEYS: apiKeyEntry('portal', KEY),
      NOTIFY_WEBHOOKS: `${receiver.url} format=cloudevents secret=${SECRET}`,
      CACHE_TTL_MS: '1',
    },
  });
  for (const { query, server, accountRegion } of replicas) {
    await query(lookup('c001'));
    await query(update('c001', 'changed'));
    await query(
      'mutation { generateClientCertificate(input: { idempotencyKey: "a-key-of-mine-1" }) { __typename } }',
    );
    await server.notifications?.update(
      server.notifications.dueOf(accountRegion, await server.readAll(accountRegion)),
    );
    await server.notifications?.send();
  }
  const sent = seen.filter(([name]) => !/^(monitor|auth|select)$/i.test(name ?? ''));
  for (const [name = '', ...args] of sent) {
    const [least, most] = COMMANDS[name.toLowerCase()] ?? [Number.POSITIVE_INFINITY, 0];
    expect(args.length + 1, name).toBeGreaterThanOrEqual(least);
    expect(args.length + 1, name).toBeLessThanOrEqual(most);
  }
  const names = new Set(sent.map(([name]) => name?.toLowerCase()));
  expect([...names].toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
});
