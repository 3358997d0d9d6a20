import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { AccountRegionName } from '../aws/account-region.ts';
import type { AwsCall } from '../aws/client.ts';
import type { AwsUse } from '../aws/use.ts';
import type { Denial } from '../errors/errors.ts';
import type { NoticeWatcher } from '../notifications/outbox.ts';
import type { RedisWatcher } from '../replicas/redis.ts';
import { createExpirationMetrics, type ExpirationMetrics } from './expiration-metrics.ts';
import { createNoticeMetrics } from './notice-metrics.ts';
import { createOperationLabels } from './operation-labels.ts';
import { placeLabels, regionLabels } from './place-labels.ts';
import { createPlaceMetrics } from './place-metrics.ts';
import { createReplicaMetrics } from './replica-metrics.ts';
import { createStageMetrics, type StageMetrics } from './stage-metrics.ts';

/** An operation that has ended; `outcome` is `ok` or the code of its first error. */
export type OperationEnd = {
  name: string | undefined;
  outcome: string;
  durationMs: number;
  awsUse: AwsUse | undefined;
};

export type Metrics = {
  operation(end: OperationEnd): void;
  /** An answer that was made, and how: `plan`, or why graphql-js made it. */
  answer(way: string): void;
  /** `where` is left out for calls to STS, here and below. */
  awsCall(call: AwsCall, where?: AccountRegionName): void;
  /** A call that waited or was refused because of the budget of calls. */
  heldBack(how: 'waited' | 'refused', where: AccountRegionName): void;
  denied(operation: string, denial: Denial, where?: AccountRegionName): void;
  /** AWS has stopped answering somewhere, or answers again. */
  availability(where: AccountRegionName, isUnavailable: boolean): void;
  /** The metrics of certificates, with these tags as labels; call it once. */
  expirations(options: { tagKeys: string[] }): ExpirationMetrics;
  /** The metrics of what replicas share; call it once. */
  replicas(): RedisWatcher;
  /** The metrics of notices; call it once. */
  notices(): NoticeWatcher;
  /** How many subscriptions are open, asked at each scrape; call it once. */
  subscriptions(count: () => number): void;
  /** The metrics of stages; call it once. */
  stages(): StageMetrics;
  /** The text that Prometheus scrapes, and its content type. */
  text(): Promise<string>;
  contentType: string;
};

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of the process, in a registry of their own (https://prometheus.io/docs/practices/naming/). */
export function createMetrics({ elapsedMs = () => performance.now(), areNamed = false } = {}): Metrics {
  const registry = new Registry();
  const place = placeLabels(areNamed);
  const region = regionLabels(areNamed);
  const registers = [registry];
  const operations = new Histogram({
    name: 'certway_graphql_operation_duration_seconds',
    help: 'GraphQL operations by name and outcome (ok, or the code of the first error).',
    labelNames: ['operation', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const answers = new Counter({
    name: 'certway_graphql_answers_made_total',
    help: 'Answers by how they were made: by a plan from what is known (plan), or why graphql-js executed the operation.',
    labelNames: ['way'],
    registers,
  });
  const awsCalls = new Histogram({
    name: 'certway_aws_call_duration_seconds',
    help: 'Requests to AWS by operation and outcome, each repetition by itself.',
    labelNames: ['operation', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const awsRetries = new Counter({
    name: 'certway_aws_retries_total',
    help: 'Requests to AWS that repeat another.',
    labelNames: ['operation', ...place.names],
    registers,
  });
  const awsThrottles = new Counter({
    name: 'certway_aws_throttles_total',
    help: 'Requests that AWS answered with TooManyRequests.',
    labelNames: ['operation', ...place.names],
    registers,
  });
  const heldBack = new Counter({
    name: 'certway_aws_calls_held_back_total',
    help: 'Requests to AWS that waited so that AWS is not called too often, or were refused for that.',
    labelNames: ['how', ...place.names],
    registers,
  });
  const denials = new Counter({
    name: 'certway_aws_denied_total',
    help: 'Requests that AWS refused for who makes them, or that there were no credentials for.',
    labelNames: ['operation', 'reason', ...place.names],
    registers,
  });
  const reads = new Counter({
    name: 'certway_aws_reads_saved_total',
    help: 'Reads of AWS that operations did not have to make: they joined one that was under way, or reused an answer.',
    labelNames: ['how'],
    registers,
  });
  const staleAnswers = new Counter({
    name: 'certway_stale_answers_total',
    help: 'Operations that were answered with something old, since AWS did not answer as it should.',
    registers,
  });

  const byPlace = areNamed ? createPlaceMetrics(registry, place) : undefined;

  const labels = createOperationLabels({
    elapsedMs,
    onForgotten: (operation, outcome) => operations.remove({ operation, outcome }),
  });

  let expirations: ExpirationMetrics | undefined;

  return {
    operation: ({ name, outcome, durationMs, awsUse }) => {
      operations.observe({ operation: labels.of(name, outcome), outcome }, durationMs / 1000);
      if (!awsUse) return;
      if (awsUse.joined > 0) reads.inc({ how: 'joined' }, awsUse.joined);
      if (awsUse.reused > 0) reads.inc({ how: 'reused' }, awsUse.reused);
      if (awsUse.staleMs > 0) staleAnswers.inc();
    },
    answer: (way) => answers.inc({ way }),
    awsCall: ({ operation, attempt, durationMs, error }, where) => {
      const outcome = error?.code ?? 'ok';
      awsCalls.observe({ operation, outcome }, durationMs / 1000);
      byPlace?.called(outcome, where);
      if (attempt > 1) awsRetries.inc({ operation, ...place.of(where) });
      if (error?.code === 'THROTTLED') awsThrottles.inc({ operation, ...place.of(where) });
    },
    heldBack: (how, where) => heldBack.inc({ how, ...place.of(where) }),
    denied: (operation, { reason }, where) => denials.inc({ operation, reason, ...place.of(where) }),
    availability: (where, isUnavailable) => byPlace?.availability(where, isUnavailable),
    expirations: (options) => {
      expirations = createExpirationMetrics({ registry, labels: region, ...options });
      return expirations;
    },
    replicas: () => createReplicaMetrics(registry),
    notices: () => createNoticeMetrics(registry),
    subscriptions: (count) =>
      void new Gauge({
        name: 'certway_subscriptions',
        help: 'How many subscriptions are open.',
        registers,
        collect() {
          this.set(count());
        },
      }),
    stages: () => createStageMetrics({ registry, labels: region }),
    text: async () => `${await registry.metrics()}${(await expirations?.text()) ?? ''}`,
    contentType: registry.contentType,
  };
}
