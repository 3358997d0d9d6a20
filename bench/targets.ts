import { ORDERED } from './account-region-questions.ts';
import { LEAST_WITH_FAULTS } from './account-regions.ts';
import { scheduleMs } from './asking.ts';
import { SIZE_OF_LENGTHS } from './growth.ts';
import { figure } from './markdown.ts';
import type { QueryName } from './queries.ts';
import { replicaTargets } from './replica-report.ts';
import { medianOf, namesOf, queriesOf, type Results } from './results.ts';
import { FLOOR, MERCURIUS_CACHED, OURS, OURS_NUMBERED, OURS_UNCACHED, YOGA } from './servers.ts';
import { EMPTY, OURS_ON_AWS, OURS_ON_EMULATOR } from './size.ts';
import { quantile } from './statistics.ts';
import { atLeast, atMost, type Target } from './target.ts';
import { MANY } from './throughput.ts';

/** The least requests per second, as a multiple of the figure of a peer, at 50 connections. */
const TIMES: { of: string; least: Partial<Record<QueryName, number>> }[] = [
  { of: YOGA, least: { A: 8, B: 10, C: 25 } },
  { of: MERCURIUS_CACHED, least: { A: 1.2, B: 1, C: 1.2 } },
  { of: FLOOR, least: { A: 0.5, B: 0.5, C: 0.5 } },
];

const OWN = [OURS, OURS_NUMBERED, OURS_UNCACHED];

export function targetsOf(results: Results): Target[] {
  return [
    ...throughputTargets(results),
    ...latencyTargets(results),
    ...floodTargets(results),
    ...limitTargets(results),
    ...sizeTargets(results),
    ...growthTargets(results),
    ...accountRegionTargets(results),
    ...(results.replicas ? replicaTargets(results.replicas) : []),
  ];
}

function throughputTargets({ measurements }: Results): Target[] {
  const sampleOf = (name: string, query: QueryName) => medianOf(measurements, name, query, MANY);
  /** The requests per second relative to those of a peer, and the same per CPU time. */
  const compare = (name: string, of: string, query: QueryName) => {
    const [own, other] = [sampleOf(name, query), sampleOf(of, query)];
    return {
      times: (own?.requestsPerSecond ?? Number.NaN) / (other?.requestsPerSecond ?? Number.NaN),
      byCpu: (other?.cpuMsPerRequest ?? Number.NaN) / (own?.cpuMsPerRequest ?? Number.NaN),
    };
  };
  return TIMES.flatMap(({ of, least }) =>
    queriesOf(measurements).flatMap((query) => {
      const bound = least[query];
      if (bound === undefined) return [];
      const [repeated, different] = [compare(OURS, of, query), compare(OURS_NUMBERED, of, query)];
      const target = atLeast(`${query}: requests/s relative to ${of}`, bound, repeated.times, 'x');
      const numbered = `; every request different: ${figure(different.times)}x, by CPU time ${figure(different.byCpu)}x`;
      return [
        {
          ...target,
          got: `${target.got}, by CPU time ${figure(repeated.byCpu)}x${of === FLOOR ? '' : numbered}`,
        },
      ];
    }),
  );
}

function latencyTargets({ measurements }: Results): Target[] {
  const peers = namesOf(measurements).filter((name) => !OWN.includes(name) && name !== FLOOR);
  return queriesOf(measurements).map((query) => {
    const p99 = (name: string) => medianOf(measurements, name, query, MANY)?.p99Ms ?? Number.NaN;
    return atMost(`${query}: p99, bounded by the best peer's`, quantile(peers.map(p99), 0), p99(OURS), ' ms');
  });
}

function limitTargets({ limits }: Results): Target[] {
  const own = limits.find(({ name }) => name === OURS);
  const naive = limits.find(({ name }) => name === YOGA);
  if (!own || !naive) return [];
  return [
    atLeast("Under AWS's limit: right answers, relative to Yoga's", 200, own.right / naive.right, 'x'),
    atLeast("Under AWS's limit: right answers", 100, (100 * own.right) / own.answers, ' %'),
    atMost("Under AWS's limit: 429s from AWS", 0, own.throttledReads + own.throttledWrites),
    atMost("Under AWS's limit: AWS reads per second", 2, own.reads / own.seconds),
    atLeast(
      "Under AWS's limit: generated certificates that the next read shows",
      100,
      (100 * own.generates.seenAtOnce) / own.generates.sent,
      ' %',
    ),
  ];
}

function floodTargets({ flood }: Results): Target[] {
  if (!flood) return [];
  return [
    ...flood.kinds.map(({ kind, before, during }) =>
      atLeast(
        `B, ${kind}: requests/s during a flood of random queries, relative to before`,
        50,
        (100 * during) / before,
        ' %',
      ),
    ),
    atMost('Memory after that flood', 250, flood.afterMib, ' MiB'),
  ];
}

function sizeTargets({ starts, sizes, health }: Results): Target[] {
  const startOf = (wanted: string) => starts.find(({ name }) => name === wanted)?.ms ?? Number.NaN;
  const own = sizes.find(({ name }) => name === OURS);
  return [
    ...(starts.length > 0 ? [OURS_ON_AWS, OURS_ON_EMULATOR] : []).map((name) =>
      atMost(`Start: ${name}, relative to an empty server`, 4, startOf(name) / startOf(EMPTY), 'x'),
    ),
    ...(own
      ? [
          atMost('Memory when idle', 120, own.idleMib, ' MiB'),
          atMost('Memory under load', 250, own.loadedMib, ' MiB'),
        ]
      : []),
    ...(health ? [atMost('The slowest `/health` under load', 50, health.maxMs, ' ms')] : []),
  ];
}

function growthTargets({ growth }: Results): Target[] {
  const costs = growth
    .filter(({ certificates, query }) => certificates === SIZE_OF_LENGTHS && query.startsWith('A, first'))
    .map(({ sample, items }) => sample.cpuMsPerRequest / items);
  const [short] = costs;
  const long = costs.at(-1);
  if (short === undefined || long === undefined) return [];
  return [atMost('As it grows: CPU per item with first 500, relative to first 25', 1.2, long / short, 'x')];
}

function accountRegionTargets({ accountRegions }: Results): Target[] {
  if (!accountRegions) return [];
  const { asked, served, idle } = accountRegions;
  const count = idle.accountRegions;
  const over = `${figure(count)} accounts and regions`;
  const ordered = asked.find(
    ({ accountRegions, hasFaults, question }) =>
      accountRegions === count && !hasFaults && question === ORDERED,
  );
  const coldMs = (question: string, faults: boolean) =>
    asked.find(
      (one) =>
        one.question === question && one.hasFaults === faults && one.accountRegions === LEAST_WITH_FAULTS,
    )?.coldMs ?? Number.NaN;
  /** At the least size that has faults, nothing but the one that hangs takes time. */
  const waited = asked.map(({ question }) => coldMs(question, true) - coldMs(question, false));
  const startOf = (size: number) =>
    served.find((one) => one.accountRegions === size && !one.hasStages)?.startMs ?? Number.NaN;
  return [
    atLeast(
      'Accounts and regions: right answers',
      asked.length,
      asked.filter(({ complaint }) => !complaint).length,
    ),
    ...(ordered
      ? [
          atMost(
            `${over}: cold ordered page, relative to the schedule of its calls`,
            1.5,
            ordered.coldMs / scheduleMs(ordered),
            'x',
          ),
          atMost(`${over}: warm ordered page`, 20, ordered.warmMs, ' ms'),
        ]
      : []),
    atMost(`${over}: memory`, 600, Math.max(...served.map(({ peakMib }) => peakMib)), ' MiB'),
    atMost(
      'How long an answer waits for the account and region that hangs',
      2000,
      Math.max(...waited),
      ' ms',
    ),
    atMost(`${over}: memory of each when idle`, 150, idle.madeKib, ' KiB'),
    atMost(`${over}: start, relative to one`, 1.5, startOf(count) / startOf(1), 'x'),
  ];
}
