import { LATENCY_MS, REQUESTS_PER_SECOND } from './limit.ts';
import { figure, table } from './markdown.ts';
import { WITH_REDIS } from './replica-throughput.ts';
import { PAUSE_MS, READERS, type ReplicasResult } from './replicas.ts';
import { medianOf, queriesOf } from './results.ts';
import { OURS } from './servers.ts';
import { atLeast, atMost, type Target } from './target.ts';
import { MANY, type Measurement } from './throughput.ts';

/** All that was measured of replicas. */
export type ReplicaResults = { together: ReplicasResult[]; alone: Measurement[] };

export const replicas = ({ together, alone }: ReplicaResults): string => `## Replicas

All replicas have one Redis and one AWS, which allows ${REQUESTS_PER_SECOND} requests per second and takes ${LATENCY_MS} ms per call. ${READERS} readers ask A and B in turn,
each time another replica, ${PAUSE_MS} ms after the last answer. First nobody writes; then there is a write per second, each through another
replica, and right after its answer a read through all others. Redis, AWS and the readers come before the replicas where
they need the same core. Then Redis is killed, started again, stopped (SIGSTOP) and continued. An
answer is right as it is under AWS's real limit. Reads per TTL are those of all replicas together. Where
Redis takes longer than 50 ms, because the machine is busy with other things, a replica does without it for one or two seconds.

${table(
  [
    'replicas',
    'AWS reads per TTL',
    'with writes',
    'reads after writes',
    'of them stale',
    'Redis too slow',
    'right',
    'right while Redis is away',
    'p99 ms',
    'p99 ms while away',
  ],
  together.map(({ replicas, readsPerTtl, afterWrites, tooSlow, right: { well, away } }) => [
    figure(replicas),
    figure(readsPerTtl.quiet),
    figure(readsPerTtl.writing),
    figure(afterWrites.reads),
    figure(afterWrites.stale),
    figure(tooSlow),
    `${figure(well.right)} of ${figure(well.answers)}`,
    `${figure(away.right)} of ${figure(away.answers)}`,
    figure(well.p99Ms),
    figure(away.p99Ms),
  ]),
)}

One replica at ${MANY} connections, as in “Measured”:

${table(
  ['', 'requests/s', 'with Redis', 'p50 ms', 'with Redis', 'CPU ms per request', 'with Redis'],
  queriesOf(alone).map((query) => {
    const samples = [medianOf(alone, OURS, query, MANY), medianOf(alone, WITH_REDIS, query, MANY)];
    const of = (key: 'requestsPerSecond' | 'p50Ms' | 'cpuMsPerRequest') =>
      samples.map((sample) => figure(sample?.[key] ?? Number.NaN));
    return [query, ...of('requestsPerSecond'), ...of('p50Ms'), ...of('cpuMsPerRequest')];
  }),
)}`;

export function replicaTargets({ together, alone }: ReplicaResults): Target[] {
  return [
    ...together.flatMap(({ replicas, readsPerTtl, afterWrites, right: { well, away } }) => [
      atMost(`${replicasOf(replicas)}: AWS reads per TTL`, 1.2, readsPerTtl.quiet),
      atMost(`${replicasOf(replicas)}: stale reads after writes`, 0, afterWrites.stale),
      atLeast(
        `${replicasOf(replicas)}: right answers, also while Redis is away`,
        well.answers + away.answers,
        well.right + away.right,
      ),
    ]),
    ...queriesOf(alone).map((query) => {
      const rateOf = (name: string) => medianOf(alone, name, query, MANY)?.requestsPerSecond ?? Number.NaN;
      return atLeast(
        `${query}: requests/s with Redis, relative to without`,
        0.85,
        rateOf(WITH_REDIS) / rateOf(OURS),
        'x',
      );
    }),
  ];
}

const replicasOf = (count: number): string => `${count} ${count === 1 ? 'replica' : 'replicas'}`;
