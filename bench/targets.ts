import { ORDERED } from './account-region-questions.ts';
import { LEAST_WITH_FAULTS } from './account-regions.ts';
import { scheduleMs } from './asking.ts';
import { EXECUTED, SIZE_OF_LENGTHS } from './growth.ts';
import { figure } from './markdown.ts';
import { replicaTargets } from './replica-report.ts';
import type { Results } from './results.ts';
import { OURS, YOGA } from './servers.ts';
import { EMPTY, OURS_ON_AWS, OURS_ON_EMULATOR } from './size.ts';
import { atLeast, atMost, type Target } from './target.ts';
import { emptyLatencyTargets, latencyTargets, throughputTargets } from './throughput-targets.ts';

export function targetsOf(results: Results): Target[] {
  return [
    ...throughputTargets(results),
    ...latencyTargets(results),
    ...emptyLatencyTargets(results),
    ...floodTargets(results),
    ...limitTargets(results),
    ...sizeTargets(results),
    ...growthTargets(results),
    ...accountRegionTargets(results),
    ...(results.replicas ? replicaTargets(results.replicas) : []),
  ];
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
    ...(health
      ? [atMost(`The slowest \`/health\` under load, of ${health.runs} runs`, 50, health.maxMs, ' ms')]
      : []),
  ];
}

function growthTargets({ growth }: Results): Target[] {
  const costs = growth
    .filter(({ certificates, query }) => certificates === SIZE_OF_LENGTHS && query.startsWith('A, first'))
    .map(({ query, sample, items }) => ({ query, cost: sample.cpuMsPerRequest / items }));
  const planned = costs.filter(({ query }) => query !== EXECUTED);
  const [short] = planned;
  const long = planned.at(-1);
  const executed = costs.find(({ query }) => query === EXECUTED);
  if (!short || !long || !executed) return [];
  return [
    atMost(
      'As it grows: CPU per item with first 500, relative to first 25',
      1.2,
      long.cost / short.cost,
      'x',
    ),
    atMost(
      'As it grows: CPU per item with first 500, relative to `FAST_PATH=false`',
      0.6,
      long.cost / executed.cost,
      'x',
    ),
  ];
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
