import type { Logger } from 'pino';
import {
  type AccountRegions,
  type AccountRegionsOptions,
  createAccountRegions,
} from './aws/account-regions.ts';
import { createParallelReads } from './aws/parallel-reads.ts';
import { type Clock, systemClock } from './clock.ts';
import { listenWith } from './http/server-limits.ts';
import { lazyFor } from './maybe-promise.ts';
import { logAvailability } from './observability/availability-log.ts';
import { pollExpirations } from './observability/expiration-poller.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { type AllKnowledge, createKnowledge } from './resources/knowledge.ts';
import { createReadAll } from './resources/read-all.ts';
import { createPace } from './resources/stages/pace.ts';
import { createServer, type Server } from './server.ts';
import { areNamed } from './settings/accounts.ts';
import type { Config } from './settings/config.ts';

export type ServiceOptions = {
  config: Config;
  log: Logger;
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
  /** Reads the stages into the indexes until the service is closed; not at all with a rate of 0. */
  crawlStages(): Promise<void>;
  /** Listens, and begins to poll the expirations and to read the stages. */
  start(): Promise<RunningService>;
  /** Ends everything that was begun. */
  close(): void;
};

/**
 * `stop` first turns `/ready` to 503, so that load balancers look elsewhere. Then it takes no new connection, answers the open
 * requests, and ends what runs in the background.
 */
export type RunningService = {
  url: string;
  accountRegions: AccountRegions['all'];
  stop(): Promise<void>;
};

/**
 * Of how many accounts and regions all certificates are read in the background at the same time, and how many are asked for their
 * stages, so that most of the process is left for clients.
 */
const MAX_BACKGROUND_READS = 8;

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
  const { config, log, upstream, slowMs, checkConnectionsMs = 1000 } = options;
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
  const replicas = config.REDIS_URL
    ? await (await import('./replicas/replicas.ts')).createReplicas({ config, log, metrics, clock })
    : undefined;
  const knowledge = createKnowledge({ config, signal, clock, replicas, ...(slowMs && { slowMs }) });
  const inParallel = createParallelReads(config.MAX_PARALLEL_READS, later);
  const inBackground = createParallelReads(MAX_BACKGROUND_READS, later);
  const isReady = () => !signal.aborted;
  const server = await createServer({
    config,
    accountRegions,
    knowledge,
    replicas,
    inParallel,
    inBackground,
    log,
    metrics,
    isReady,
    clock,
  });
  for (const accountRegion of accountRegions.all) metrics.availability(accountRegion, false);
  const expirations = metrics.expirations({ tagKeys: config.METRIC_TAGS });
  const stageMetrics = metrics.stages();
  const watched = accountRegions.all.map((accountRegion) => ({
    accountRegion,
    expirations: expirations.in(accountRegion),
    stageMetrics: stageMetrics.in(accountRegion, () => knowledge.of(accountRegion).stageIndex.snapshot()),
    log: isNamed ? log.child({ accountRegion: accountRegion.name }) : log,
    isTold: () => isNamed && accountRegion.availability.failure() !== undefined,
  }));
  const readAll = createReadAll({ config, knowledge, inParallel: inBackground, signal, clock });

  /** What it takes is loaded only then, and after the service listens. */
  async function crawlStages(): Promise<void> {
    if (config.STAGE_READS_PER_SECOND === 0) return;
    const { crawl } = await import('./resources/stages/crawler.ts');
    const inTurn = createParallelReads(MAX_BACKGROUND_READS, later);
    const crawls = watched.map(({ accountRegion, stageMetrics, log, isTold }) =>
      crawl({
        index: knowledge.of(accountRegion).stageIndex,
        turn: knowledge.of(accountRegion).turns?.crawl,
        pace: paceOf(accountRegion.name),
        accountRegion,
        inParallel: (call) => inTurn('', call),
        onSent: stageMetrics.called,
        log,
        isTold,
        signal,
        clock,
      }),
    );
    await Promise.all(crawls);
  }

  function pollAll(): void {
    for (const { accountRegion, expirations, log, isTold } of watched)
      void pollExpirations({
        read: () => readAll(accountRegion),
        onRead: expirations.read,
        onFailure: expirations.failed,
        everyMs: config.EXPIRY_REFRESH_MS,
        log,
        isTold,
        signal,
        wait: clock.wait,
      });
  }

  function close(): void {
    ending.abort();
    accountRegions.destroy();
    replicas?.close();
  }

  return {
    ...server,
    accountRegions,
    knowledge,
    crawlStages,
    close,
    start: async () => {
      const socket = await listenWith(config, checkConnectionsMs, server.listener);
      pollAll();
      void crawlStages();
      return {
        url: socket.url,
        accountRegions: accountRegions.all,
        stop: async () => {
          ending.abort();
          await clock.wait(config.DRAIN_DELAY_MS);
          await socket.stop(config.DRAIN_TIMEOUT_MS);
          close();
        },
      };
    },
  };
}
