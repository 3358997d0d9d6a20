import type { RequestListener } from 'node:http';
import { createAuthenticator } from './auth/authentication.ts';
import { createFetchHandler } from './http/fetch-adapter.ts';
import { onlyGraphQL } from './http/graphql-over-http.ts';
import { logAccess } from './http/middleware/access-log.ts';
import { ageOfStale } from './http/middleware/age.ts';
import { onlyAllowedHosts } from './http/middleware/allowed-hosts.ts';
import { requireAuthentication } from './http/middleware/authentication.ts';
import { belowPath } from './http/middleware/base-path.ts';
import { allowOrigins, preventCsrf } from './http/middleware/cross-origin.ts';
import { serveHealth } from './http/middleware/health.ts';
import { serveMetrics } from './http/middleware/metrics.ts';
import { fromProxies } from './http/middleware/proxies.ts';
import { createRefusedOrigins } from './http/middleware/refused-origins.ts';
import { requestIds } from './http/middleware/request-id.ts';
import { securityHeaders } from './http/middleware/security-headers.ts';
import { createSeeWrites } from './http/middleware/see-writes.ts';
import { isTrustBundlePath, serveTrustBundle } from './http/middleware/trust-bundle.ts';
import { boundUnsentResponses } from './http/middleware/unsent-responses.ts';
import { createNodeListener } from './http/node-adapter.ts';
import { createPipeline } from './http/pipeline.ts';
import { createTlsConnections, type TlsConnections } from './http/tls-connections.ts';
import { createOperations, type Operations, type OperationsOptions } from './operations.ts';
import type { Replicas } from './replicas/replicas.ts';
import { isOn } from './settings/config.ts';
import { followValue } from './settings/file-value.ts';
import { serveGraphiQL } from './web/graphiql.ts';
import { leadHome } from './web/home.ts';
import { servePage } from './web/page.ts';
import { createPageDocuments } from './web/page-documents.ts';

/** The path of the GraphQL endpoint. */
const ENDPOINT = '/graphql';

export type ServerOptions = Omit<OperationsOptions, 'endpoint' | 'authenticate' | 'pageDocument'> & {
  /** Where the page for people was built; undefined if it is not to be served. */
  pageFolder: string | undefined;
  /** Undefined if this process is the only one. */
  replicas: Replicas | undefined;
  /** Whether a load balancer should send requests here, for `/ready`. */
  isReady: () => boolean;
};

/** The request handler, for a `node:http` server and for callers in this process. */
export type Server = {
  listener: RequestListener;
  /** The connections of the server that has the listener, if it speaks TLS. */
  connections: TlsConnections;
  changes: Operations['changes'];
  fetch(input: string | Request, init?: RequestInit): Promise<Response>;
};

/** Every request passes the middleware from top to bottom, and every response all of it. GraphQL comes last. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { config, pageFolder, accountRegions, knowledge, replicas, log, metrics, isReady, clock } = options;
  const { now, elapsedMs, every, timeout } = clock;
  const tellRefused = createRefusedOrigins({ log, elapsedMs });
  const seeWrites = createSeeWrites(knowledge.catchUp, clock);
  const page = config.PAGE ? pageFolder : undefined;
  const hasGraphiQL = isOn(config, 'GRAPHIQL');
  const following = { log, every };
  const keys = config.auth.kind === 'api-key' ? config.auth.apiKeys : [];
  const authenticate = await createAuthenticator(config.auth, {
    log,
    now,
    timeout,
    apiKeys: followValue('API_KEYS_FILE', config.API_KEYS_FILE, keys, following),
    needsCertificate: config.TLS_CLIENT_CA_FILE !== '',
  });
  const { CALENDAR_TOKENS: tokens, CALENDAR_TOKENS_FILE: tokensFile } = config;
  const calendarTokens = followValue('CALENDAR_TOKENS_FILE', tokensFile, tokens, following);
  const calendar = tokens.length > 0 ? await import('./http/middleware/calendar.ts') : undefined;
  const { execute, respond, changes } = createOperations({
    ...options,
    endpoint: ENDPOINT,
    authenticate,
    pageDocument: page === undefined ? undefined : createPageDocuments(page),
  });
  const answer = createPipeline({
    middleware: [
      requestIds,
      securityHeaders,
      ...(config.TRUST_PROXY === 0 ? [] : [fromProxies(config.TRUST_PROXY)]),
      onlyAllowedHosts(config),
      allowOrigins(config.CORS_ORIGINS, tellRefused),
      ...(config.BASE_PATH === '' ? [] : [belowPath(config.BASE_PATH)]),
      serveHealth(isReady, accountRegions),
      boundUnsentResponses({ maxBytes: config.MAX_UNSENT_BYTES, elapsedMs, every }),
      ...(page !== undefined
        ? [servePage({ folder: page, auth: config.auth, hasGraphiQL, authenticate })]
        : []),
      ...(hasGraphiQL ? [leadHome(ENDPOINT), serveGraphiQL({ path: ENDPOINT, auth: config.auth.kind })] : []),
      ...(calendar ? [calendar.knowCalendar(calendarTokens)] : []),
      requireAuthentication(authenticate, log),
      preventCsrf(config.CORS_ORIGINS, tellRefused),
      serveMetrics(metrics),
      onlyGraphQL(ENDPOINT, (path) => isTrustBundlePath(path) || calendar?.isCalendarPath(path) === true),
      ...(replicas ? [seeWrites.begin] : []),
      ...(config.RATE_LIMIT_PER_MINUTE > 0
        ? [
            (await import('./http/middleware/rate-limit.ts')).limitRate(
              config.RATE_LIMIT_PER_MINUTE,
              config.auth.kind === 'none' ? 'address' : 'viewer',
              replicas,
            ),
          ]
        : []),
      logAccess({ log, metrics, elapsedMs }),
      ageOfStale,
      ...(replicas ? [seeWrites.end] : []),
      serveTrustBundle(ENDPOINT, execute),
      ...(calendar ? [calendar.serveCalendar(ENDPOINT, execute, config.NOTIFY_DAYS)] : []),
    ],
    respond,
    log,
    elapsedMs,
  });
  const connections = createTlsConnections();
  return {
    listener: createNodeListener(answer, connections),
    connections,
    changes,
    fetch: createFetchHandler(answer),
  };
}
