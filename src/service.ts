import { createServer as createHttpServer, type RequestListener } from 'node:http';
import type { Logger } from 'pino';
import type { Viewer } from './auth/viewer.ts';
import { type AccountRegion, type AccountRegionOptions, createAccountRegion } from './aws/account-region.ts';
import { oldestReadAtMs } from './aws/stamps.ts';
import { type Clock, systemClock } from './clock.ts';
import { createContext } from './graphql/context.ts';
import { type Listener, listen } from './http/listener.ts';
import { textOfUnreadable } from './http/unreadable.ts';
import { pollExpirations } from './observability/expiration-poller.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { createClientCertificateCache } from './resources/client-certificates/cache.ts';
import type { Item } from './resources/client-certificates/list.ts';
import { createPace } from './resources/stages/pace.ts';
import { createStageIndex, type StageIndex } from './resources/stages/stage-index.ts';
import { createServer, type Server } from './server.ts';
import { type Config, ConfigError } from './settings/config.ts';
import type { SharedReads } from './shared-reads/shared-reads.ts';

export type ServiceOptions = {
  config: Config;
  log: Logger;
  /** API Gateway's address, region and credentials, if not those that the SDK finds, and how calls are retried. */
  upstream?: Pick<AccountRegionOptions, 'endpoint' | 'region' | 'credentials' | 'retryStrategy'>;
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
  accountRegion: AccountRegion;
  cache: SharedReads<Item>;
  stageIndex: StageIndex;
  /** Reads the stages into the index until the service is closed; not at all with a rate of 0. */
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
export type RunningService = { url: string; region: string; stop(): Promise<void> };

/** The viewer that reads the certificates for the expiration metric. */
const METRICS: Viewer = { name: 'metrics', scopes: new Set(['client-certificates:read']) };

/** Starts the service of a process. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const service = await createService(options);
  return service.start();
}

/** Makes every part of a service. Rejects with a `ConfigError` if there is no valid region. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { config, log, upstream, metrics = createMetrics(), slowMs, checkConnectionsMs = 1000 } = options;
  const clock = { ...systemClock, ...options.clock };
  const { now, elapsedMs } = clock;
  const pace = createPace(config.STAGE_READS_PER_SECOND);
  const accountRegion = await createAccountRegion({
    connectTimeoutMs: config.UPSTREAM_CONNECT_TIMEOUT_MS,
    requestTimeoutMs: config.UPSTREAM_REQUEST_TIMEOUT_MS,
    callsPerSecond: config.UPSTREAM_CALLS_PER_SECOND,
    onHeldBack: metrics.heldBack,
    onDenied: metrics.denied,
    onCall: (call) => {
      metrics.awsCall(call);
      if (call.error?.code === 'THROTTLED') pace.slowDown(elapsedMs());
      log.debug(call, 'AWS call');
    },
    elapsedMs,
    later: clock.later,
    ...upstream,
  }).catch((error) => {
    throw new ConfigError(`AWS_REGION: expected a region such as us-east-1: ${error.message}`);
  });
  const ending = new AbortController();
  const { signal } = ending;
  const cache = createClientCertificateCache({
    config,
    accountRegion,
    signal,
    elapsedMs,
    later: clock.later,
    ...(slowMs && { slowMs }),
  });
  const stageIndex = createStageIndex(accountRegion.region);
  const isReady = () => !signal.aborted;
  const server = await createServer({
    config,
    accountRegion,
    cache,
    stageIndex,
    log,
    metrics,
    isReady,
    clock,
  });
  const contextOf = createContext({ config, accountRegion, cache, stageIndex, clock });
  const expirations = metrics.expirations({ accountRegion, tagKeys: config.METRIC_TAGS });
  const stageMetrics = metrics.stages({ region: accountRegion.region, stages: stageIndex.snapshot });

  /** What it takes is loaded only then, and after the service listens. */
  async function crawlStages(): Promise<void> {
    if (config.STAGE_READS_PER_SECOND === 0) return;
    const { crawl } = await import('./resources/stages/crawler.ts');
    await crawl({
      index: stageIndex,
      pace,
      accountRegion,
      onSent: stageMetrics.called,
      log,
      signal,
      ...clock,
    });
  }

  /** A stale answer, which stands in while AWS does not answer, was read earlier. */
  async function readAll() {
    const { clientCertificates, awsUse } = contextOf({ viewer: METRICS, gone: () => signal });
    const certificates = await clientCertificates.all();
    return { certificates, readAtMs: now().getTime() - elapsedMs() + oldestReadAtMs(awsUse.stamps) };
  }

  function close(): void {
    ending.abort();
    accountRegion.destroy();
  }

  return {
    ...server,
    accountRegion,
    cache,
    stageIndex,
    crawlStages,
    close,
    start: async () => {
      const socket = await listenOn(config, checkConnectionsMs, server.listener);
      void pollExpirations({
        read: readAll,
        onRead: expirations.read,
        onFailure: expirations.failed,
        everyMs: config.EXPIRY_REFRESH_MS,
        log,
        signal,
        wait: clock.wait,
      });
      void crawlStages();
      return {
        url: socket.url,
        region: accountRegion.region,
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

function listenOn(config: Config, checkMs: number, listener: RequestListener): Promise<Listener> {
  const server = createHttpServer(
    {
      headersTimeout: config.HEADERS_TIMEOUT_MS,
      requestTimeout: config.HEADERS_TIMEOUT_MS + config.REQUEST_TIMEOUT_MS,
      keepAliveTimeout: config.IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: checkMs,
      requireHostHeader: false, // the HTTP pipeline reports a missing Host
    },
    listener,
  );
  // Node would refuse an unknown expectation, which may be ignored (https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.maxConnections = config.MAX_CONNECTIONS;
  server.timeout = config.REQUEST_TIMEOUT_MS + config.IDLE_TIMEOUT_MS; // on which nothing is read or written
  return listen(server, config.HOST, config.PORT, textOfUnreadable);
}
