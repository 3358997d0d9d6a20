import type { AccountRegionResults } from './account-regions.ts';
import type { Flood } from './flood.ts';
import type { Growth } from './growth.ts';
import type { Kind } from './kinds.ts';
import type { LimitResult } from './limit.ts';
import type { QueryName } from './queries.ts';
import type { ReplicaResults } from './replica-report.ts';
import type { Sample } from './sample.ts';
import type { Health, Size, StartTime } from './size.ts';
import { median } from './statistics.ts';
import type { Measurement } from './throughput.ts';

/** All that a run has measured. A part that did not run is empty. */
export type Results = {
  measurements: Measurement[];
  limits: LimitResult[];
  starts: StartTime[];
  sizes: Size[];
  health?: Health;
  flood?: Flood;
  growth: Growth[];
  kinds: Kind[];
  accountRegions?: AccountRegionResults;
  replicas?: ReplicaResults;
};

/** The median of each figure over all rounds, but the sum of failures. Undefined if nothing was measured. */
export function medianOf(
  measurements: Measurement[],
  name: string,
  query: QueryName,
  connections: number,
): Sample | undefined {
  const samples = measurements
    .filter((other) => other.name === name && other.query === query && other.connections === connections)
    .map(({ sample }) => sample);
  if (samples.length === 0) return undefined;
  const of = (key: keyof Sample) => median(samples.map((sample) => sample[key]));
  return {
    requestsPerSecond: of('requestsPerSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    cpuMsPerRequest: of('cpuMsPerRequest'),
    awsCallsPerRequest: of('awsCallsPerRequest'),
    residentMib: of('residentMib'),
    failures: samples.reduce((sum, { failures }) => sum + failures, 0),
  };
}

export const namesOf = (measurements: Measurement[]): string[] => [
  ...new Set(measurements.map(({ name }) => name)),
];

export const queriesOf = (measurements: Measurement[]): QueryName[] => [
  ...new Set(measurements.map(({ query }) => query)),
];
