import { startRedis } from './redis.ts';
import { type Contestant, OURS, ours } from './servers.ts';
import { type Measurement, measureThroughput, type ThroughputOptions } from './throughput.ts';

export const WITH_REDIS = `${OURS} with \`REDIS_URL\``;

/** What one replica can do without Redis, and with one that nobody else uses. */
export async function measureReplicaThroughput(
  options: Pick<ThroughputOptions, 'rounds' | 'seconds' | 'progress'>,
): Promise<Measurement[]> {
  const redis = await startRedis();
  const contestants: Contestant[] = [
    { name: OURS, server: ours() },
    { name: WITH_REDIS, server: ours({ REDIS_URL: redis.url }) },
  ];
  const measured = await measureThroughput({ ...options, queries: ['A', 'B', 'C'], contestants });
  await redis.stop();
  return measured;
}
