import { createLRUCache, createYoga, useReadinessCheck } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { ApiGateway } from './api-gateway.ts';
import { createAuthenticator } from './authentication.ts';
import { type Config, isOn } from './config.ts';
import { type Context, createContext } from './context.ts';
import { UnauthenticatedError } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { useArgumentErrors } from './plugins/argument-errors.ts';
import { useAuthentication } from './plugins/authentication.ts';
import { useNoConnectionHeader } from './plugins/connection-header.ts';
import { corsFor, useCsrfPrevention } from './plugins/cross-origin.ts';
import { maskError } from './plugins/error-masking.ts';
import { useGraphiQL } from './plugins/graphiql.ts';
import { useNoIntrospection, useNoSuggestions } from './plugins/introspection.ts';
import { useLimits } from './plugins/limits.ts';
import { useMetrics } from './plugins/metrics.ts';
import { useOperationNameErrors } from './plugins/operation-name.ts';
import { type Operations, useOperations } from './plugins/operations.ts';
import { useNoPersistedQueries } from './plugins/persisted-queries.ts';
import { useQueryStringErrors } from './plugins/query-string.ts';
import { useRateLimit } from './plugins/rate-limit.ts';
import { createRequestIds, useRequestId } from './plugins/request-id.ts';
import { useRequestLog } from './plugins/request-log.ts';
import { useSecurityHeaders } from './plugins/security-headers.ts';
import { useTracing } from './plugins/tracing.ts';
import { schema } from './schema/index.ts';
import type { Viewer } from './viewer.ts';

const ENDPOINT = '/graphql';

/** A parsed document of as many tokens as are allowed takes about a megabyte; clients have few documents each. */
const MAX_DOCUMENTS = 100;

/** Who sends rubbish sends other rubbish the next time: to remember it would only fill the memory. */
const NOTHING = { get: () => undefined, set: () => undefined };

export type ServerOptions = {
  config: Config;
  apiGateway: ApiGateway;
  log: Logger;
  metrics: Metrics;
  /** Whether a balancer should send requests here; `/ready` says so. */
  isReady?: () => boolean;
  now?: () => Date;
};

/** The service as a request handler: for `node:http` as a listener, for a test through `fetch`. */
export function createServer({ config, apiGateway, log, metrics, isReady = () => true, now }: ServerOptions) {
  const requestIds = createRequestIds();
  const operations: Operations = new WeakMap();
  const viewers = new WeakMap<Request, Viewer>();
  const viewerOf = (request: Request): Viewer => {
    const viewer = viewers.get(request);
    if (!viewer) throw new UnauthenticatedError('missing', 'the request was not authenticated');
    return viewer;
  };
  return createYoga<Record<never, never>, Context>({
    schema,
    context: createContext({ config, apiGateway, viewerOf, ...(now && { now }) }),
    graphqlEndpoint: ENDPOINT,
    healthCheckEndpoint: '/health',
    maxRequestBodySize: config.MAX_BODY_BYTES,
    maskedErrors: { maskError, isDev: false, errorMessage: '' },
    logging: false,
    cors: config.CORS_ORIGINS.length > 0 && corsFor(config.CORS_ORIGINS),
    // Each of these is on unless switched off.
    graphiql: false,
    landingPage: false,
    multipart: false,
    parserAndValidationCache: { documentCache: createLRUCache({ max: MAX_DOCUMENTS }), errorCache: NOTHING },
    plugins: [
      useRequestId(requestIds),
      useOperations(operations),
      useRequestLog(log, requestIds, operations),
      useSecurityHeaders(),
      useNoConnectionHeader(),
      useReadinessCheck({ check: isReady }),
      isOn(config, 'GRAPHIQL') && useGraphiQL(ENDPOINT),
      useAuthentication({
        authenticate: createAuthenticator(config, { log, ...(now && { now }) }),
        paths: [ENDPOINT, '/metrics'],
        viewers,
        log,
        requestIds,
      }),
      useCsrfPrevention(config.CORS_ORIGINS, requestIds),
      useQueryStringErrors(),
      config.RATE_LIMIT_PER_MINUTE > 0 && useRateLimit(config.RATE_LIMIT_PER_MINUTE, viewerOf, requestIds),
      useMetrics({ metrics, operations, viewerOf, requestIds }),
      useTracing(),
      useLimits({
        maxTokens: config.MAX_TOKENS,
        maxDepth: config.MAX_DEPTH,
        maxAliases: config.MAX_ALIASES,
        maxDirectives: config.MAX_DIRECTIVES,
        maxCost: config.MAX_COST,
      }),
      !isOn(config, 'INTROSPECTION') && useNoIntrospection(),
      !isOn(config, 'SUGGESTIONS') && useNoSuggestions(),
      useNoPersistedQueries(),
      useOperationNameErrors(),
      useArgumentErrors(),
    ],
  });
}
