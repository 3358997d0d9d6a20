import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/viewer.ts';
import { type Exchange, type HttpResponse, isStream } from '../exchange.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { Metrics } from '../observability/metrics.ts';
import { isOn } from '../settings/config.ts';
import type { Clock } from '../time/clock.ts';
import type { Context } from './context.ts';
import { type ContextOptions, createContexts } from './contexts.ts';
import { createDocumentCache } from './document-cache.ts';
import type { PlannedAnswers } from './executor/planned-answers.ts';
import { createFairScheduler } from './fair-scheduler.ts';
import { fetchAPI, requestOf, responseOf } from './fetch-adapter.ts';
import { createKnownAnswers } from './known-answers.ts';
import { isLongToParse, type TurnToParse } from './long-bodies.ts';
import { useArgumentErrors } from './plugins/argument-errors.ts';
import { maskError } from './plugins/error-masking.ts';
import { useFailureLog } from './plugins/failure-log.ts';
import { createBeginning, LONG_BODY, useFairScheduling } from './plugins/fair-scheduling.ts';
import { useFewFieldErrors } from './plugins/field-errors.ts';
import { useNoIntrospection, useNoSuggestions } from './plugins/introspection.ts';
import { useLimits } from './plugins/limits.ts';
import { type ServerContext, useOperation } from './plugins/operation.ts';
import { createMeasure } from './plugins/operation-limits.ts';
import { useOperationNameErrors } from './plugins/operation-name.ts';
import { useNoPersistedQueries } from './plugins/persisted-queries.ts';
import { useQueryStringErrors } from './plugins/query-string.ts';
import { useRequestErrorStatus } from './plugins/request-error-status.ts';
import { useResponseLimit } from './plugins/response-size.ts';
import { useSubscriptions } from './plugins/subscriptions.ts';
import { useValidDocuments } from './plugins/valid-documents.ts';
import { createSchema } from './schema/index.ts';
import { createSubscribe } from './subscribe.ts';

/** Invalid documents are rarely sent twice, so to remember them would only fill the memory. */
const NOTHING = { get: () => undefined, set: () => undefined };

/** How many operations may wait for their turn, each with a body of up to MAX_BODY_BYTES. */
const MAX_KNOWN = { max: 1000, maxOfClient: 500 };
const MAX_NEW = { max: 1000, maxOfClient: 300 };

/** New documents cost several times as much as known ones. They get a fifth of the time while others need it. */
const PAUSE_AFTER_NEW = 4;

export type ExecutionOptions = ContextOptions & {
  endpoint: string;
  /** Finds the caller of a request again: credentials may have ended since a subscription has begun. */
  authenticate: (request: Exchange['request']) => MaybePromise<Viewer | Error>;
  /** Clients take turns. */
  clientOf: (exchange: Exchange) => string;
  turnToParse: TurnToParse;
  log: Logger;
  metrics: Pick<Metrics, 'answer'>;
  clock: Clock;
};

/** Executes a GraphQL request, given its body. The HTTP pipeline has checked everything else. */
export type Execute = (exchange: Exchange, body: string | undefined) => MaybePromise<HttpResponse>;

export function createExecution({
  endpoint,
  authenticate,
  clientOf,
  turnToParse,
  log,
  metrics,
  ...options
}: ExecutionOptions): Execute {
  const {
    config,
    clock: { elapsedMs },
  } = options;
  const contexts = createContexts(options);
  const schema = createSchema({
    nodeQueries: config.NODE_QUERIES,
    federationAuthDirectives: config.FEDERATION_AUTH_DIRECTIVES,
  });
  const measure = createMeasure(schema, {
    maxDepth: config.MAX_DEPTH,
    maxAliases: config.MAX_ALIASES,
    maxDirectives: config.MAX_DIRECTIVES,
    maxCost: config.MAX_COST,
    maxChanges: config.MAX_UPSTREAM_CALLS_PER_OPERATION,
  });
  const documentCache = createDocumentCache((document) => known?.forget(document));
  const ofContinued = createFairScheduler({ elapsedMs });
  const begin = createBeginning({ clientOf, timeoutMs: config.REQUEST_TIMEOUT_MS, elapsedMs });
  const ofKnown = createFairScheduler({ elapsedMs, ...MAX_KNOWN });
  const known = createKnownAnswers({
    config,
    schema,
    contexts,
    viewerOf,
    documentOf: documentCache.get,
    measure,
    onAnswer: metrics.answer,
  });
  /** Counts the time of an operation from the arrival of its request, and that of an event from now on. */
  const contextOf = (exchange: Exchange, isEvent = false): Context =>
    contexts.of({
      viewer: viewerOf(exchange),
      client: clientOf(exchange),
      gone: exchange.request.gone,
      ...(!isEvent && { startedAtMs: exchange.startedAtMs }),
      waitedMs: isEvent && exchange.waitedMs !== undefined ? 0 : exchange.waitedMs,
      inTurn: async () => ofContinued(clientOf(exchange)),
    });

  const subscribe = createSubscribe(async (contextValue) => {
    const { exchange } = contextValue as ServerContext;
    const viewer = await authenticate(exchange.request);
    if (viewer instanceof Error) throw viewer;
    exchange.viewer = viewer;
    await ofContinued(clientOf(exchange));
    return { ...(contextValue as ServerContext), ...contextOf(exchange, true) };
  });

  const yoga = createYoga<ServerContext, Context>({
    schema,
    context: ({ exchange }) => contextOf(exchange),
    graphqlEndpoint: endpoint,
    fetchAPI,
    maskedErrors: { maskError, isDev: false, errorMessage: '' },
    logging: false,
    // On by default.
    cors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache, errorCache: NOTHING },
    plugins: [
      useResponseLimit(config.MAX_RESPONSE_BYTES),
      useFewFieldErrors(),
      useFairScheduling({
        isKnown: documentCache.has,
        begin,
        ofKnown,
        ofNew: createFairScheduler({ elapsedMs, ...MAX_NEW, pauseFactor: PAUSE_AFTER_NEW }),
      }),
      useOperation({ exposeCost: config.EXPOSE_COST }),
      useRequestErrorStatus(),
      useFailureLog(log),
      useQueryStringErrors(),
      useNoPersistedQueries(),
      useSubscriptions({ subscribe, log, elapsedMs }),
      useLimits({ maxTokens: config.MAX_TOKENS, measure }),
      !isOn(config, 'INTROSPECTION') && useNoIntrospection(),
      !isOn(config, 'SUGGESTIONS') && useNoSuggestions(),
      useOperationNameErrors(),
      useArgumentErrors(),
      useValidDocuments((document) => known?.addValid(document)),
    ],
  });

  async function execute(exchange: Exchange, body: string | undefined, turn?: Promise<void>) {
    const toParse = body === undefined ? undefined : turnToParse(exchange, body);
    if (toParse) await toParse;
    // Yoga merges two contexts into a new object. Given one, it uses that as a prototype, which V8 keeps far too long.
    const sent = { body };
    const response = await yoga.fetch(requestOf(exchange, sent), { exchange, sent, turn }, {});
    return streamedAtOnce(responseOf(response));
  }

  /** Longer bodies are looked at in turn. */
  function executeLong(known: PlannedAnswers, exchange: Exchange, body: string): MaybePromise<HttpResponse> {
    const answer = () => known.prepare(exchange, body)?.();
    const made = (begin(ofKnown, exchange) ?? NOW).then(answer, () => undefined);
    return made.then((response) => response ?? execute(exchange, body));
  }

  return (exchange, body) => {
    if (!known) return execute(exchange, body);
    if (body && body.length > LONG_BODY && !isLongToParse(body)) return executeLong(known, exchange, body);
    const answer = known.prepare(exchange, body);
    if (!answer) return execute(exchange, body);
    const end = begin.atOnce(ofKnown, exchange);
    if (end) {
      const response = answer();
      end();
      return response ?? execute(exchange, body);
    }
    const turn = begin(ofKnown, exchange) ?? NOW;
    return turn.then(answer, () => undefined).then((response) => response ?? execute(exchange, body, turn));
  };
}

/** nginx holds streams back otherwise (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering). */
function streamedAtOnce(response: HttpResponse): HttpResponse {
  if (isStream(response.body)) response.headers['x-accel-buffering'] = 'no';
  return response;
}

const NOW = Promise.resolve();

function viewerOf({ viewer }: Exchange): Viewer {
  if (!viewer) throw new Error('The request was not authenticated.');
  return viewer;
}
