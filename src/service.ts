import type { Logger } from 'pino';
import {
  type AccountRegions,
  type AccountRegionsOptions,
  createAccountRegions,
} from './aws/account-regions.ts';
import { createParallelReads } from './aws/parallel-reads.ts';
import { createBackground, MAX_BACKGROUND_READS } from './background.ts';
import { listenWith } from './http/server-limits.ts';
import { lazyFor } from './maybe-promise.ts';
import type { Notifications } from './notifications/notifications.ts';
import { hasSinks } from './notifications/sinks.ts';
import { logAvailability } from './observability/availability-log.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { type AllKnowledge, createKnowledge } from './resources/knowledge.ts';
import { createReadAll, type ReadAll } from './resources/read-all.ts';
import { createPace } from './resources/stages/pace.ts';
import { createServer, type Server } from './server.ts';
import { areNamed } from './settings/accounts.ts';
import type { Config } from './settings/config.ts';
import { type Clock, systemClock } from './time/clock.ts';

export type ServiceOptions = {
  config: Config;
  log: Logger;
  /** Where the page for people was built; without it, there is none. */
  pageFolder?: string | undefined;
  /** AWS's address, region and credentials, if not those that the SDK finds, and how calls are retried. */
  upstream?: Pick<AccountRegionsOptions, 'endpoint' | 'region' | 'credentials' | 'retryStrategy'>;
  metrics?: Metrics;
  /** By default, the clock of the process. */
  clock?: Partial<Clock>;
  /** An AWS read without an answer for this long is slow. */
  slowMs?: number;
  /** Connections are closed this long after their timeout at the latest; a second by default. */
  checkConnectionsMs?: number;
};

/** The parts of a service, for callers in this process. It does not listen, and does nothing in the background. */
export type Service = Server & {
  accountRegions: AccountRegions;
  knowledge: AllKnowledge;
  readAll: ReadAll;
  /** Undefined if the settings name nobody to be told. */
  notifications: Notifications | undefined;
  /** Why Redis does not answer, nothing if it does; undefined without one. */
  whyRedisIsDown: (() => string | undefined) | undefined;
  /** Reads the stages into the indexes until the service is closed; not at all with a rate of 0. */
  crawlStages(): Promise<void>;
  /** Listens, and begins to poll the expirations and to read the stages. */
  start(): Promise<RunningService>;
  /** Ends everything that was begun. */
  close(): void;
};

/**
 * `stop` first turns `/ready` to 503, so that load balancers look elsewhere. Then it takes no new connection, answers the open
 * requests, and ends what runs in the background; a notice that is being sent has as long as they have.
 */
export type RunningService = {
  url: string;
  accountRegions: AccountRegions['all'];
  stop(): Promise<void>;
};

/** Starts the service of a process. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const service = await createService(options);
  return service.start().catch((error) => {
    service.close();
    throw error;
  });
}

/** Makes every part of a service. Rejects with a `ConfigError` if an account has no valid region. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { config, log, pageFolder, upstream, slowMs, checkConnectionsMs = 1000 } = options;
  const { ACCOUNTS: accounts, AWS_REGIONS: regions } = config;
  const isNamed = areNamed(accounts, regions);
  const { metrics = createMetrics({ areNamed: isNamed }) } = options;
  const clock = { ...systemClock, ...options.clock };
  const { now, elapsedMs, later } = clock;
  const paceOf = lazyFor((_name: string) => createPace(config.STAGE_READS_PER_SECOND));
  const accountRegions = await createAccountRegions({
    accounts,
    regions,
    connectTimeoutMs: config.UPSTREAM_CONNECT_TIMEOUT_MS,
    requestTimeoutMs: config.UPSTREAM_REQUEST_TIMEOUT_MS,
    callsPerSecond: config.UPSTREAM_CALLS_PER_SECOND,
    onHeldBack: metrics.heldBack,
    onDenied: metrics.denied,
    onCall: (call, where) => {
      metrics.awsCall(call, where);
      if (call.error?.code === 'THROTTLED' && where) paceOf(where.name).slowDown(elapsedMs());
      log.debug(isNamed ? { ...call, accountRegion: where?.name } : call, 'AWS call');
    },
    onAvailability: (where, error) => {
      metrics.availability(where, error !== undefined);
      if (isNamed) logAvailability(log, where, error);
    },
    now,
    elapsedMs,
    later,
    ...upstream,
  });
  const ending = new AbortController();
  const { signal } = ending;
  const listening = new AbortController();
  const replicas = config.REDIS_URL
    ? await (await import('./replicas/replicas.ts')).createReplicas({ config, log, metrics, clock })
    : undefined;
  const knowledge = createKnowledge({ config, signal, clock, replicas, ...(slowMs && { slowMs }) });
  const inParallel = createParallelReads(config.MAX_PARALLEL_READS, later);
  const inBackground = createParallelReads(MAX_BACKGROUND_READS, later);
  const server = await createServer({
    config,
    pageFolder,
    accountRegions,
    knowledge,
    replicas,
    inParallel,
    inBackground,
    log,
    metrics,
    isReady: () => !signal.aborted,
    signal: listening.signal,
    clock,
  });
  for (const accountRegion of accountRegions.all) metrics.availability(accountRegion, false);
  const readAll = createReadAll({ config, knowledge, inParallel: inBackground, signal, clock });
  const notifications = hasSinks(config)
    ? await (await import('./notifications/notifications.ts')).createNotifications({
        config,
        knowledge,
        replicas,
        eventBridge: {
          region: accountRegions.all[0].region,
          requestHandler: {
            connectionTimeout: config.UPSTREAM_CONNECT_TIMEOUT_MS,
            requestTimeout: config.UPSTREAM_REQUEST_TIMEOUT_MS,
            throwOnRequestTimeout: true,
          },
        },
        watcher: metrics.notices(),
        log,
        signal,
        clock,
      })
    : undefined;
  const background = createBackground({
    config,
    accountRegions,
    knowledge,
    readAll,
    notifications,
    paceOf,
    metrics,
    log,
    signal,
    clock,
  });

  function close(): void {
    ending.abort();
    listening.abort();
    accountRegions.destroy();
    notifications?.close();
    replicas?.close();
  }

  return {
    ...server,
    accountRegions,
    knowledge,
    readAll,
    notifications,
    whyRedisIsDown: replicas?.redis.whyDown,
    crawlStages: background.crawlStages,
    close,
    start: async () => {
      const socket = await listenWith({ config, checkMs: checkConnectionsMs, log, clock }, server);
      background.start();
      return {
        url: socket.url,
        accountRegions: accountRegions.all,
        stop: async () => {
          ending.abort();
          await clock.wait(config.DRAIN_DELAY_MS);
          listening.abort();
          const isOver = clock.wait(config.DRAIN_TIMEOUT_MS);
          await Promise.all([
            socket.stop(config.DRAIN_TIMEOUT_MS),
            Promise.race([background.ended(), isOver]),
          ]);
          close();
        },
      };
    },
  };
}
