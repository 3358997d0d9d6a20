import type { QueryName } from './queries.ts';
import { medianOf, namesOf, queriesOf, type Results } from './results.ts';
import { FLOOR, MERCURIUS, MERCURIUS_CACHED, OURS, OURS_NUMBERED, OURS_UNCACHED, YOGA } from './servers.ts';
import { quantile } from './statistics.ts';
import { atLeast, atMost, type Target } from './target.ts';
import { MANY } from './throughput.ts';

/** The least requests per second, as a multiple of the figure of a peer, at 50 connections. */
type Times = { name: string; of: string; least: Partial<Record<QueryName, number>> };

const TIMES: Times[] = [
  { name: OURS, of: YOGA, least: { A: 8, B: 10, C: 25 } },
  { name: OURS, of: MERCURIUS_CACHED, least: { A: 1.2, B: 1, C: 1.2 } },
  { name: OURS, of: FLOOR, least: { A: 0.7, B: 0.7, C: 0.7 } },
  { name: OURS_NUMBERED, of: MERCURIUS_CACHED, least: { A: 3, B: 3, C: 3 } },
  { name: OURS_NUMBERED, of: FLOOR, least: { A: 0.4 } },
];

const OWN = [OURS, OURS_NUMBERED, OURS_UNCACHED];

const LABELS: Record<string, string> = { [OURS]: '', [OURS_NUMBERED]: ', every request different' };

export function throughputTargets({ measurements }: Results): Target[] {
  const sampleOf = (name: string, query: QueryName) => medianOf(measurements, name, query, MANY);
  return TIMES.flatMap(({ name, of, least }) =>
    queriesOf(measurements).flatMap((query) => {
      const bound = least[query];
      const [own, other] = [sampleOf(name, query), sampleOf(of, query)];
      if (bound === undefined || !own || !other) return [];
      const times = own.requestsPerSecond / other.requestsPerSecond;
      const byCpu = atLeast('', bound, other.cpuMsPerRequest / own.cpuMsPerRequest, 'x').got;
      const target = atLeast(`${query}${LABELS[name]}: requests/s relative to ${of}`, bound, times, 'x');
      return [{ ...target, got: `${target.got}, by CPU time ${byCpu}` }];
    }),
  );
}

export function latencyTargets({ measurements }: Results): Target[] {
  const peers = namesOf(measurements).filter((name) => !OWN.includes(name) && name !== FLOOR);
  const p99 = (name: string, query: QueryName) => medianOf(measurements, name, query, MANY)?.p99Ms;
  return queriesOf(measurements).flatMap((query) => {
    const ofPeers = peers.flatMap((name) => p99(name, query) ?? []);
    return [OURS, OURS_NUMBERED].flatMap((name) => {
      const own = p99(name, query);
      const what = `${query}${LABELS[name]}: p99, bounded by the best peer's`;
      return own === undefined ? [] : [atMost(what, quantile(ofPeers, 0), own, ' ms')];
    });
  });
}

/** How often nothing in D, which needs no data, was slower than in Mercurius. */
export function emptyLatencyTargets({ measurements }: Results): Target[] {
  const p99s = (wanted: string) =>
    measurements
      .filter(({ name, query, connections }) => name === wanted && query === 'D' && connections === MANY)
      .map(({ sample }) => sample.p99Ms);
  const [own, others] = [p99s(OURS), p99s(MERCURIUS)];
  if (own.length === 0) return [];
  const good = own.filter((ms, round) => ms <= (others[round] ?? Number.NaN)).length;
  return [atLeast(`D: rounds in which the p99 is no worse than that of ${MERCURIUS}`, own.length, good)];
}
