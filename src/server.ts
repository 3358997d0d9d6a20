import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import type { ApiGateway } from './api-gateway.ts';
import { createAuthenticator } from './authentication.ts';
import { createClientCertificateCache } from './client-certificate-cache.ts';
import type { Item } from './client-certificate-list.ts';
import { type Config, isOn } from './config.ts';
import { ageOfStale } from './edge/age.ts';
import { onlyAllowedHosts } from './edge/allowed-hosts.ts';
import { requireAuthentication } from './edge/authentication.ts';
import { allowOrigins, preventCsrf } from './edge/cross-origin.ts';
import { createEdge } from './edge/edge.ts';
import { fetchHandler } from './edge/fetch-handler.ts';
import { serveGraphiQL } from './edge/graphiql.ts';
import { answerGraphQL } from './edge/graphql.ts';
import { onlyGraphQL } from './edge/graphql-over-http.ts';
import { serveHealth } from './edge/health.ts';
import { leadHome } from './edge/home.ts';
import { keepAnswers } from './edge/kept-answers.ts';
import { serveMetrics } from './edge/metrics.ts';
import { nodeListener } from './edge/node-listener.ts';
import { recordOperations } from './edge/operation-record.ts';
import { createRefusedOrigins } from './edge/refused-origins.ts';
import { requestIds } from './edge/request-id.ts';
import { securityHeaders } from './edge/security-headers.ts';
import { boundUnsentAnswers } from './edge/unsent-answers.ts';
import { createExecution } from './execution.ts';
import type { Metrics } from './metrics.ts';
import type { UpstreamCache } from './upstream-cache.ts';

/** Where GraphQL is. */
const ENDPOINT = '/graphql';

export type ServerOptions = {
  config: Config;
  apiGateway: ApiGateway;
  /** Where others of the process read the certificates too. */
  cache?: UpstreamCache<Item>;
  log: Logger;
  metrics: Metrics;
  /** Whether a balancer should send requests here; `/ready` says so. */
  isReady?: () => boolean;
  now?: () => Date;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs?: () => number;
  /** A signal that is aborted so many milliseconds later, for what is fetched of an issuer. */
  timeout?: (ms: number) => AbortSignal;
  /** Calls `run` every so many milliseconds. */
  every?: (ms: number, run: () => void) => void;
};

/** The service as a handler of requests: those of a server of `node:http`, and those of a caller in this process. */
export type Server = {
  listener: RequestListener;
  fetch(input: string | Request, init?: RequestInit): Promise<Response>;
};

/** Every request passes the steps from top to bottom, and its reply all of them; GraphQL is the last. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { config, apiGateway, log, metrics, isReady = () => true, now = () => new Date() } = options;
  const { timeout = AbortSignal.timeout, every = (ms, run) => setInterval(run, ms).unref() } = options;
  const { elapsedMs = () => performance.now(), cache = createClientCertificateCache(options) } = options;
  const tellRefused = createRefusedOrigins({ log, elapsedMs });
  const answer = createEdge(
    [
      requestIds,
      securityHeaders,
      onlyAllowedHosts(config),
      allowOrigins(config.CORS_ORIGINS, tellRefused),
      serveHealth(isReady, apiGateway.denials),
      boundUnsentAnswers({ maxBytes: config.MAX_UNSENT_BYTES, elapsedMs, every }),
      ...(isOn(config, 'GRAPHIQL') ? [leadHome(ENDPOINT), serveGraphiQL(ENDPOINT, config.AUTH)] : []),
      requireAuthentication(await createAuthenticator(config, { log, now, timeout }), log),
      preventCsrf(config.CORS_ORIGINS, tellRefused),
      serveMetrics(metrics),
      onlyGraphQL(ENDPOINT),
      ...(config.RATE_LIMIT_PER_MINUTE > 0
        ? [(await import('./edge/rate-limit.ts')).limitRate(config.RATE_LIMIT_PER_MINUTE)]
        : []),
      recordOperations(log, metrics),
      ageOfStale,
      answerGraphQL({
        maxBodyBytes: config.MAX_BODY_BYTES,
        execute: createExecution({ endpoint: ENDPOINT, config, apiGateway, cache, log, now, elapsedMs }),
        keptAnswers:
          config.CACHE_TTL_MS > 0 && !config.EXPOSE_COST
            ? keepAnswers({ isStillFresh: cache.isStillFresh, now })
            : undefined,
      }),
    ],
    log,
  );
  return { listener: nodeListener(answer), fetch: fetchHandler(answer) };
}
