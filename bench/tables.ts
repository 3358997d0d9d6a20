import type { Flood } from './flood.ts';
import type { Growth } from './growth.ts';
import type { Kind } from './kinds.ts';
import type { LimitResult } from './limit.ts';
import { figure, table } from './markdown.ts';
import type { QueryName } from './queries.ts';
import { medianOf, namesOf, type Results } from './results.ts';
import { EMPTY } from './size.ts';
import { MANY, type Measurement } from './throughput.ts';

/** Requests per second of each row, and its highest memory after any load. */
export function overview(measurements: Measurement[], queries: QueryName[]): string {
  const rows = namesOf(measurements).map((name) => {
    const rates = queries.map((query) => medianOf(measurements, name, query, MANY)?.requestsPerSecond);
    const sizes = measurements.filter((other) => other.name === name).map(({ sample }) => sample.residentMib);
    return [name, ...rates.map((rate) => figure(rate ?? Number.NaN)), figure(Math.max(...sizes))];
  });
  return table(['', ...queries, 'memory after load, MiB'], rows);
}

/** All figures of one query. */
export function queryTable(measurements: Measurement[], query: QueryName): string {
  const rows = namesOf(measurements).flatMap((name) => {
    const many = medianOf(measurements, name, query, MANY);
    const one = medianOf(measurements, name, query, 1);
    if (!many || !one) return [];
    const figures = [
      many.requestsPerSecond,
      many.p50Ms,
      many.p99Ms,
      many.cpuMsPerRequest,
      many.awsCallsPerRequest,
      one.requestsPerSecond,
      one.p50Ms,
      one.p99Ms,
      many.failures + one.failures,
    ];
    return [[name, ...figures.map(figure)]];
  });
  return table(
    [
      '',
      'requests/s',
      'p50 ms',
      'p99 ms',
      'CPU ms per request',
      'AWS calls per request',
      'requests/s, 1 connection',
      'p50 ms',
      'p99 ms',
      'failures',
    ],
    rows,
  );
}

export function limitTable(limits: LimitResult[]): string {
  return table(
    [
      '',
      'right answers',
      'right answers/s',
      'p50 ms',
      'p99 ms',
      'failed',
      'too old',
      'otherwise wrong',
      'AWS reads',
      'AWS writes',
      'AWS 429s',
      'generated certificates that the next read shows',
    ],
    limits.map(({ name, answers, right, wrong, generates, seconds, ...result }) => [
      name,
      `${figure((100 * right) / answers)} %`,
      figure(right / seconds),
      figure(result.p50Ms),
      figure(result.p99Ms),
      figure(wrong.failed),
      figure(wrong.stale),
      figure(wrong.other),
      figure(result.reads),
      figure(result.writes),
      figure(result.throttledReads + result.throttledWrites),
      `${generates.seenAtOnce} of ${generates.sent}`,
    ]),
  );
}

export const floodTable = ({ kinds }: Flood): string =>
  table(
    ['B', 'requests/s before', 'during', '', 'after', ''],
    kinds.map(({ kind, before, during, after }) => [
      kind,
      figure(before),
      figure(during),
      `${figure((100 * during) / before)} %`,
      figure(after),
      `${figure((100 * after) / before)} %`,
    ]),
  );

export function sizeTables({ starts, sizes, health }: Results): string {
  const empty = starts.find(({ name }) => name === EMPTY)?.ms ?? Number.NaN;
  return [
    'From the start of `node` until it prints where it listens:',
    table(
      ['', 'ms', 'relative to an empty server'],
      starts.map(({ name, ms }) => [name, figure(ms), figure(ms / empty)]),
    ),
    'Resident memory in MiB: two seconds after the start, and the maximum under A at 50 connections.',
    table(
      ['', 'idle', 'under load'],
      sizes.map(({ name, idleMib, loadedMib }) => [name, figure(idleMib), figure(loadedMib)]),
    ),
    ...(health
      ? [
          `\`/health\` under A at 50 connections, every request different: ${figure(health.answers)} answers, ` +
            `p99 ${figure(health.p99Ms)} ms, the slowest ${figure(health.maxMs)} ms.`,
        ]
      : []),
  ].join('\n\n');
}

export function growthTables(growth: Growth[]): string {
  return table(
    [
      'certificates',
      'query',
      'requests/s',
      'p99 ms',
      'CPU ms per request',
      'CPU µs per item',
      'AWS calls per request',
    ],
    growth.map(({ certificates, query, items, sample }) => [
      figure(certificates),
      query,
      figure(sample.requestsPerSecond),
      figure(sample.p99Ms),
      figure(sample.cpuMsPerRequest),
      figure((1000 * sample.cpuMsPerRequest) / items),
      figure(sample.awsCallsPerRequest),
    ]),
  );
}

export function kindTable(kinds: Kind[]): string {
  return table(
    ['certificates', 'page', 'AWS calls', 'ms (median)', 'longest pause, ms', 'memory, MiB'],
    kinds.map(({ certificates, kind, awsCalls, ms, longestPauseMs, residentMib }) => [
      figure(certificates),
      kind,
      figure(awsCalls),
      figure(ms),
      figure(longestPauseMs),
      figure(residentMib),
    ]),
  );
}
