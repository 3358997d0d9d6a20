import { Counter, Histogram, Registry } from '@prometheus-io/client';
import type { AccountRegion } from '../aws/account-region.ts';
import type { AwsUse } from '../aws/calls.ts';
import type { AwsCall } from '../aws/client.ts';
import type { Denial } from '../errors.ts';
import { createExpirationMetrics, type ExpirationMetrics } from './expiration-metrics.ts';
import { createOperationLabels } from './operation-labels.ts';
import { createStageMetrics, type StageMetrics, type StageMetricsOptions } from './stage-metrics.ts';

/** An operation that has ended; `outcome` is `ok` or the code of its first error. */
export type OperationEnd = {
  name: string | undefined;
  outcome: string;
  durationMs: number;
  awsUse: AwsUse | undefined;
};

export type Metrics = {
  operation(end: OperationEnd): void;
  awsCall(call: AwsCall): void;
  /** A call that waited or was refused because of the budget of calls. */
  heldBack(how: 'waited' | 'refused'): void;
  denied(operation: string, denial: Denial): void;
  /** The metrics of a region's certificates, with these tags as labels; call it once. */
  expirations(options: {
    accountRegion: Pick<AccountRegion, 'region'>;
    tagKeys: string[];
  }): ExpirationMetrics;
  /** The metrics of a region's stages; call it once. */
  stages(options: Omit<StageMetricsOptions, 'registry'>): StageMetrics;
  /** The text that Prometheus scrapes, and its content type. */
  text(): Promise<string>;
  contentType: string;
};

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of the process, in a registry of their own (https://prometheus.io/docs/practices/naming/). */
export function createMetrics({ elapsedMs = () => performance.now() } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const operations = new Histogram({
    name: 'certway_graphql_operation_duration_seconds',
    help: 'GraphQL operations by name and outcome (ok, or the code of the first error).',
    labelNames: ['operation', 'outcome'],
    buckets: SECONDS,
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
    labelNames: ['operation'],
    registers,
  });
  const awsThrottles = new Counter({
    name: 'certway_aws_throttles_total',
    help: 'Requests that AWS answered with TooManyRequests.',
    labelNames: ['operation'],
    registers,
  });
  const heldBack = new Counter({
    name: 'certway_aws_calls_held_back_total',
    help: 'Requests to AWS that waited so that AWS is not called too often, or were refused for that.',
    labelNames: ['how'],
    registers,
  });
  const denials = new Counter({
    name: 'certway_aws_denied_total',
    help: 'Requests that AWS refused for who makes them, or that there were no credentials for.',
    labelNames: ['operation', 'reason'],
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
    awsCall: ({ operation, attempt, durationMs, error }) => {
      awsCalls.observe({ operation, outcome: error?.code ?? 'ok' }, durationMs / 1000);
      if (attempt > 1) awsRetries.inc({ operation });
      if (error?.code === 'THROTTLED') awsThrottles.inc({ operation });
    },
    heldBack: (how) => heldBack.inc({ how }),
    denied: (operation, { reason }) => denials.inc({ operation, reason }),
    expirations: (options) => {
      expirations = createExpirationMetrics({ registry, ...options });
      return expirations;
    },
    stages: (options) => createStageMetrics({ registry, ...options }),
    text: async () => `${await registry.metrics()}${(await expirations?.text()) ?? ''}`,
    contentType: registry.contentType,
  };
}
