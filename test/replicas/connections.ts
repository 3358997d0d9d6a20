import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createRedis, type RedisOptions } from '../../src/replicas/redis.ts';
import { connectTo } from '../../src/replicas/redis-client.ts';

/** A connection of its own to a Redis of the running test, which nobody watches. */
export async function connectRedis(
  url: string,
  options: Pick<RedisOptions, 'clock'> & Partial<RedisOptions>,
) {
  const redis = await createRedis({
    connect: async (onError) => connectTo({ url, isCluster: false }, onError),
    probe: 'probe',
    onUp: () => undefined,
    log: pino({ level: 'silent' }),
    watcher: {
      up: () => undefined,
      called: () => undefined,
      bytes: () => undefined,
      read: () => undefined,
    },
    random: () => 0,
    ...options,
  });
  onTestFinished(redis.close);
  return redis;
}
