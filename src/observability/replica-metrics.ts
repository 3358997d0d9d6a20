import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { RedisWatcher } from '../replicas/redis.ts';

/** What Prometheus is told about what the replicas share. */
export function createReplicaMetrics(registry: Registry): RedisWatcher {
  const registers = [registry];
  const up = new Gauge({
    name: 'certway_shared_cache_up',
    help: 'Whether Redis answers: 1, or 0 while each replica reads for itself.',
    registers,
  });
  const calls = new Counter({
    name: 'certway_shared_cache_calls_total',
    help: 'Commands to Redis by what they are for and outcome (ok, failed or late).',
    labelNames: ['call', 'outcome'],
    registers,
  });
  const bytes = new Counter({
    name: 'certway_shared_cache_bytes_total',
    help: 'Characters in commands to Redis and in its answers.',
    labelNames: ['direction'],
    registers,
  });
  const reads = new Counter({
    name: 'certway_shared_cache_reads_total',
    help: 'Questions to Redis for an answer of AWS by outcome: it is known (fresh), this replica asks AWS (lease), it waits for another (busy), or AWS has just failed (alone).',
    labelNames: ['outcome'],
    registers,
  });
  return {
    up: (isUp) => up.set(Number(isUp)),
    called: (call, outcome) => calls.inc({ call, outcome }),
    bytes: (direction, count) => bytes.inc({ direction }, count),
    read: (outcome) => reads.inc({ outcome }),
  };
}
