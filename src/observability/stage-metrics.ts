import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { AccountRegionName } from '../aws/account-region.ts';
import type { StageSnapshot } from '../resources/stages/snapshot.ts';
import type { PlaceLabels } from './place-labels.ts';

export type StageMetricsOptions = { registry: Registry; labels: PlaceLabels };

/** What Prometheus is told about the indexes of stages. */
export type StageMetrics = {
  /** An index is told from now on; `stages` says what is known, and is asked at each scrape. */
  in(where: AccountRegionName, stages: () => StageSnapshot): StageMetricsIn;
};

export type StageMetricsIn = {
  /** A call was sent to AWS to read APIs or stages. */
  called(): void;
};

export function createStageMetrics({ registry, labels }: StageMetricsOptions): StageMetrics {
  const registers = [registry];
  const labelNames = labels.names;
  const indexes: { place: Record<string, string>; stages: () => StageSnapshot }[] = [];
  const gauge = (name: string, help: string, toNumber: (snapshot: StageSnapshot) => number) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        for (const { place, stages } of indexes) this.set(place, toNumber(stages()));
      },
    });
  gauge(
    'certway_stage_index_apis',
    'How many REST and WebSocket APIs are known, for their stages.',
    ({ index }) => index.apis,
  );
  gauge(
    'certway_stage_index_apis_read',
    'How many of the known APIs have had their stages read.',
    ({ index }) => index.apisRead,
  );
  gauge(
    'certway_stage_index_complete',
    'Whether all APIs are known and have been read: 1 or 0.',
    ({ index }) => Number(index.complete),
  );
  gauge(
    'certway_stage_index_oldest_read_timestamp_seconds',
    'When the API was read whose reading is the oldest, in seconds since 1970; 0: none was read.',
    ({ index }) => (index.oldestReadAt?.getTime() ?? 0) / 1000,
  );
  new Gauge({
    name: 'certway_client_certificate_stages',
    help: 'How many known stages use each client certificate that any of them uses.',
    labelNames: ['client_certificate_id', ...labelNames],
    registers,
    collect() {
      this.reset();
      for (const { place, stages } of indexes)
        for (const [id, count] of stages().counts()) this.set({ client_certificate_id: id, ...place }, count);
    },
  });
  const calls = new Counter({
    name: 'certway_stage_index_calls_total',
    help: 'Requests to AWS that read APIs and stages in the background.',
    labelNames,
    registers,
  });
  return {
    in: (where, stages) => {
      const place = labels.of(where);
      indexes.push({ place, stages });
      calls.inc(place, 0);
      return { called: () => calls.inc(place) };
    },
  };
}
