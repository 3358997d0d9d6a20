import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../settings/config.ts';
import { followValue } from '../settings/file-value.ts';
import type { REDIS_SETTINGS } from '../settings/redis-settings.ts';
import type { Clock } from '../time/clock.ts';
import { type AnswerStore, createAnswerStore } from './answer-store.ts';
import { type Changes, createChanges } from './changes.ts';
import { createFacts, type Facts } from './facts.ts';
import { createKeys, type Keys } from './keys.ts';
import { createLeases, type Leases } from './leases.ts';
import { createRedis, type Redis, type RedisWatcher } from './redis.ts';
import { connectTo } from './redis-client.ts';

/** The other replicas of the service, as far as Redis tells of them. */
export type Replicas = {
  /** Names this process among them. */
  name: string;
  redis: Redis;
  keys: Keys;
  changes: Changes;
  leases: Leases;
  /** What AWS has answered any of them. */
  answerStoreIn(accountRegion: string): AnswerStore;
  /** What they tell each other of the stages. */
  factsIn(accountRegion: string): Facts;
  close(): void;
};

export type ReplicasOptions = {
  config: Pick<Config, keyof typeof REDIS_SETTINGS | 'CACHE_TTL_MS' | 'CACHE_STALE_MS'>;
  log: Logger;
  metrics: { replicas(): RedisWatcher };
  clock: Pick<Clock, 'elapsedMs' | 'later' | 'every'>;
};

/** Resolves after the first attempt to connect to Redis, whatever came of it. */
export async function createReplicas({ config, log, metrics, clock }: ReplicasOptions): Promise<Replicas> {
  const url = followValue(
    'REDIS_URL_FILE',
    config.REDIS_URL_FILE,
    config.REDIS_URL,
    { log, every: clock.every },
    () => redis.renew(),
  );
  const watcher = metrics.replicas();
  const name = randomUUID();
  const keys = createKeys(config.REDIS_KEY_PREFIX);
  let changes: Changes | undefined;
  const redis = await createRedis({
    connect: async (onError) => connectTo({ url: url(), isCluster: config.REDIS_CLUSTER }, onError),
    probe: keys.ofAll('probe'),
    onUp: () => void changes?.beginAgain(),
    log,
    watcher,
    clock,
    random: Math.random,
  });
  const keepMs = Math.max(config.CACHE_TTL_MS, config.CACHE_STALE_MS);
  changes = createChanges({ redis, keys, nonce: randomUUID, keepMs, clock });
  await changes.catchUp();
  return {
    name,
    redis,
    keys,
    changes,
    leases: createLeases({ redis, replica: name, clock }),
    answerStoreIn: (accountRegion) =>
      createAnswerStore({ redis, watcher, keys, accountRegion, replica: name }),
    factsIn: (accountRegion) => createFacts({ redis, keys, accountRegion, replica: name, clock }),
    close: redis.close,
  };
}
