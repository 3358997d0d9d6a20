import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { AccountRegionName } from '../aws/account-region.ts';
import type { PlaceLabels } from './place-labels.ts';

/** What Prometheus is told about each account and region, where there are several. */
export type PlaceMetrics = {
  /** A request was answered, or failed. */
  called(outcome: string, where: AccountRegionName | undefined): void;
  availability(where: AccountRegionName, isUnavailable: boolean): void;
};

/** Each account and region has its own series once it was asked; a histogram for each would be dozens of them. */
export function createPlaceMetrics(registry: Registry, labels: PlaceLabels): PlaceMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: 'certway_account_region_calls_total',
    help: 'Requests to AWS by account, region and outcome, each repetition by itself; those to STS have neither.',
    labelNames: [...labels.names, 'outcome'],
    registers,
  });
  const unavailable = new Gauge({
    name: 'certway_account_region_unavailable',
    help: 'Whether AWS did not answer in this account and region the last time: 1 or 0.',
    labelNames: labels.names,
    registers,
  });
  return {
    called: (outcome, where) => calls.inc({ ...labels.of(where), outcome }),
    availability: (where, isUnavailable) => unavailable.set(labels.of(where), Number(isUnavailable)),
  };
}
