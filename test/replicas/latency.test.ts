import { expect, test, vi } from 'vitest';
import { startProxy } from './proxy.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';
import { createModel, IDS, stepsOf, TTL_MS } from './steps.ts';

/** All clocks are so much slower than they should be that a busy machine is not taken for a slow link. */
const SLOWER = 6;

/** So many runs there are, or more until a link was never too slow on a machine that is busy all the same. */
const [RUNS, MOST_RUNS] = [3, 12];

/** For so long they may try to connect. */
const BACK = { timeout: 60_000, interval: 100 };

const slowly = {
  elapsedMs: () => performance.now() / SLOWER,
  later: (run: () => void, ms: number) => {
    const timer = setTimeout(run, SLOWER * ms).unref();
    return () => clearTimeout(timer);
  },
};

/** Three replicas on a link on which an answer takes so long by their clocks. */
async function startFar(latencyMs: number) {
  const redis = await startRedis();
  const proxy = await startProxy(redis.path);
  const world = await startReplicas({
    redisUrl: proxy.url,
    count: 3,
    certificates: IDS.length,
    env: { CACHE_TTL_MS: `${TTL_MS}`, CACHE_STALE_MS: '0' },
    clock: slowly,
  });
  proxy.be({ latencyMs: SLOWER * latencyMs });
  const countOf = async (pattern: RegExp) => {
    const texts = await Promise.all(world.replicas.map(async ({ metrics }) => metrics.text()));
    const lines = texts.flatMap((text) => text.split('\n')).filter((line) => pattern.test(line));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  };
  return { ...world, redis, proxy, countOf };
}

test.for([5, 15, 25, 35])(
  'on a link of %i ms, no read is older than a write through any replica',
  async (latencyMs) => {
    const { replicas, countOf } = await startFar(latencyMs);
    let turn = 0;
    const { run } = createModel(() => {
      turn += 1;
      const one = replicas[turn % replicas.length];
      if (!one) throw new Error('there is none');
      return one;
    });
    const well: boolean[] = [];
    for (let seed = 0; seed < RUNS || (!well.includes(true) && seed < MOST_RUNS); seed += 1) {
      await vi.waitFor(
        async () => expect(await countOf(/^certway_shared_cache_up /)).toBe(replicas.length),
        BACK,
      );
      const before = await countOf(/outcome="failed"/);
      const oldestMs = await run(stepsOf(seed));
      const isWell = (await countOf(/outcome="failed"/)) === before;
      expect(oldestMs).toBeLessThanOrEqual(isWell ? 0 : SLOWER * TTL_MS);
      well.push(isWell);
    }
    expect(well).toContain(true);
  },
);
