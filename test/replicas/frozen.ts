import { expect } from 'vitest';
import { createServiceClock } from '../support/clock.ts';
import { lookup, until } from '../support/sharing.ts';
import { startProxy } from './proxy.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

export type World = Awaited<ReturnType<typeof startWorld>>;

/** Two replicas whose clocks stand still until `pass` moves them, with their own link to Redis. */
export async function startWorld(env: Record<string, string> = {}, more: { certificates?: number } = {}) {
  const redis = await startRedis();
  const proxy = await startProxy(redis.path);
  const { start, ...others } = await startReplicas({
    redisUrl: proxy.url,
    count: 0,
    ...more,
    env: { CACHE_TTL_MS: '1000', EXPOSE_COST: 'true', ...env },
  });
  async function startOne() {
    const { pass, elapsedMs, later } = createServiceClock();
    const replica = await start({ clock: { elapsedMs, later } });
    const isUp = async () => /^certway_shared_cache_up 1$/m.test(await replica.metrics.text());
    return { ...replica, pass, isUp };
  }
  const [a, b] = [await startOne(), await startOne()];
  async function pass(ms: number): Promise<void> {
    for (const one of [a, b]) await one.pass(ms);
  }
  return {
    ...others,
    redis,
    proxy,
    a,
    b,
    pass,
    /** The same for Redis's clock, by which all answers that are stored are older then. */
    passForAll: async (ms: number) => {
      for (const key of (await redis.command('KEYS', '*answer*')) as string[])
        await redis.command('HINCRBY', key, 'at', `${-ms}`);
      await pass(ms);
    },
    /** Lets the replicas connect that are not, as often as that takes. */
    back: async () =>
      until(async () => {
        for (const one of [a, b]) if (!(await one.isUp())) await one.pass(2000);
        expect([await a.isUp(), await b.isUp()]).toEqual([true, true]);
      }),
    told: () => [a, b].map(({ log }) => log.filter(({ msg }) => String(msg).startsWith('Redis'))),
  };
}

export const described = async ({ query }: Pick<World['a'], 'query'>, id = 'c001') =>
  (await query(lookup(id))).data.clientCertificate.description;
