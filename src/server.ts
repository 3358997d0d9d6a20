import type { RequestListener } from 'node:http';
import { createLRUCache, createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { ApiGateway } from './api-gateway.ts';
import { createAuthenticator } from './authentication.ts';
import { createClientCertificateCache } from './client-certificate-cache.ts';
import type { Item } from './client-certificate-list.ts';
import { type Config, isOn } from './config.ts';
import { type Context, createContext } from './context.ts';
import { ageOfStale } from './edge/age.ts';
import { requireAuthentication } from './edge/authentication.ts';
import { allowOrigins, preventCsrf } from './edge/cross-origin.ts';
import { createEdge } from './edge/edge.ts';
import { fetchHandler } from './edge/fetch-handler.ts';
import { serveGraphiQL } from './edge/graphiql.ts';
import { answerGraphQL, onlyGraphQL } from './edge/graphql.ts';
import { serveHealth } from './edge/health.ts';
import { keepAnswers } from './edge/kept-answers.ts';
import { serveMetrics } from './edge/metrics.ts';
import { nodeListener } from './edge/node-listener.ts';
import { recordOperations } from './edge/operation-record.ts';
import { limitRate } from './edge/rate-limit.ts';
import { requestIds } from './edge/request-id.ts';
import { securityHeaders } from './edge/security-headers.ts';
import type { Exchange, Reply } from './exchange.ts';
import type { Metrics } from './metrics.ts';
import { useArgumentErrors } from './plugins/argument-errors.ts';
import { maskError } from './plugins/error-masking.ts';
import { useFailureLog } from './plugins/failure-log.ts';
import { useNoIntrospection, useNoSuggestions } from './plugins/introspection.ts';
import { useLimits } from './plugins/limits.ts';
import { type ServerContext, useOperation } from './plugins/operation.ts';
import { useOperationNameErrors } from './plugins/operation-name.ts';
import { useQueryStringErrors } from './plugins/query-string.ts';
import { schema } from './schema/index.ts';
import type { UpstreamCache } from './upstream-cache.ts';
import type { Viewer } from './viewer.ts';

const ENDPOINT = '/graphql';

/** A parsed document of as many tokens as are allowed takes about a megabyte; clients have few documents each. */
const MAX_DOCUMENTS = 100;

/** Who sends rubbish sends other rubbish the next time: to remember it would only fill the memory. */
const NOTHING = { get: () => undefined, set: () => undefined };

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
};

/** The service as a handler of requests: those of a server of `node:http`, and those of a caller in this process. */
export type Server = {
  listener: RequestListener;
  fetch(input: string | Request, init?: RequestInit): Promise<Response>;
};

/** Every request passes the steps from top to bottom, and its reply all of them; GraphQL is the last. */
export function createServer(options: ServerOptions): Server {
  const { config, log, metrics, isReady = () => true, now = () => new Date() } = options;
  const { cache = createClientCertificateCache(options) } = options;
  const answer = createEdge(
    [
      requestIds,
      securityHeaders,
      allowOrigins(config.CORS_ORIGINS),
      serveHealth(isReady),
      ...(isOn(config, 'GRAPHIQL') ? [serveGraphiQL(ENDPOINT)] : []),
      requireAuthentication(createAuthenticator(config, { log, now }), log),
      preventCsrf(config.CORS_ORIGINS),
      serveMetrics(metrics),
      onlyGraphQL(ENDPOINT),
      ...(config.RATE_LIMIT_PER_MINUTE > 0 ? [limitRate(config.RATE_LIMIT_PER_MINUTE)] : []),
      recordOperations(log, metrics),
      ageOfStale,
      answerGraphQL({
        endpoint: ENDPOINT,
        maxBodyBytes: config.MAX_BODY_BYTES,
        execute: createExecute({ ...options, cache, now }),
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

/** GraphQL itself, by Yoga. All that has to do with HTTP alone is done before. */
function createExecute({
  config,
  apiGateway,
  cache,
  log,
  now,
}: ServerOptions & { cache: UpstreamCache<Item>; now: () => Date }) {
  const contextOf = createContext({ config, apiGateway, cache, now });
  const yoga = createYoga<ServerContext, Context>({
    schema,
    context: ({ exchange }) => contextOf({ viewer: viewerOf(exchange), gone: exchange.arrival.gone }),
    graphqlEndpoint: ENDPOINT,
    maskedErrors: { maskError, isDev: false, errorMessage: '' },
    logging: false,
    // Each of these is on unless switched off.
    cors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache: createLRUCache({ max: MAX_DOCUMENTS }), errorCache: NOTHING },
    plugins: [
      useOperation({ exposeCost: config.EXPOSE_COST }),
      useFailureLog(log),
      useQueryStringErrors(),
      useLimits({
        maxTokens: config.MAX_TOKENS,
        maxDepth: config.MAX_DEPTH,
        maxAliases: config.MAX_ALIASES,
        maxDirectives: config.MAX_DIRECTIVES,
        maxCost: config.MAX_COST,
        maxChanges: config.MAX_UPSTREAM_CALLS_PER_OPERATION,
      }),
      !isOn(config, 'INTROSPECTION') && useNoIntrospection(),
      !isOn(config, 'SUGGESTIONS') && useNoSuggestions(),
      useOperationNameErrors(),
      useArgumentErrors(),
    ],
  });

  return async (exchange: Exchange, body: string | undefined): Promise<Reply> => {
    const { method, url, headers } = exchange.arrival;
    const request = new yoga.fetchAPI.Request(`http://localhost${url}`, {
      method,
      headers: headers(),
      body: body ?? null,
    });
    return replyOf(await yoga.fetch(request, { exchange }));
  };
}

function viewerOf({ viewer }: Exchange): Viewer {
  if (!viewer) throw new Error('The request was not authenticated.');
  return viewer;
}

async function replyOf(response: Response): Promise<Reply> {
  const { connection, ...headers } = Object.fromEntries(response.headers); // which Node sets as it has to be
  const isStream = /^(text\/event-stream|multipart\/)/.test(headers['content-type'] ?? '');
  return { status: response.status, headers, body: isStream ? response.body : await response.text() };
}
