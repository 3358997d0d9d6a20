import type { Logger } from 'pino';
import type { Authenticate } from './auth/authentication.ts';
import type { AccountRegions } from './aws/account-regions.ts';
import type { ParallelReads } from './aws/parallel-reads.ts';
import type { Exchange, HttpResponse } from './exchange.ts';
import { createExecution, type Execute } from './graphql/execution.ts';
import { createTurnsToParse } from './graphql/long-bodies.ts';
import { serveGraphQL } from './http/graphql.ts';
import { createResponseCache } from './http/response-cache.ts';
import { createResolveDocument } from './http/trusted-documents.ts';
import type { MaybePromise } from './maybe-promise.ts';
import type { Metrics } from './observability/metrics.ts';
import { type Changes, createChanges } from './resources/client-certificates/changes/changes.ts';
import type { AllKnowledge } from './resources/knowledge.ts';
import type { Config } from './settings/config.ts';
import { followValue } from './settings/file-value.ts';
import type { Clock } from './time/clock.ts';

export type OperationsOptions = {
  config: Config;
  endpoint: string;
  accountRegions: AccountRegions;
  knowledge: AllKnowledge;
  inParallel: ParallelReads;
  inBackground: ParallelReads;
  authenticate: Authenticate;
  /** The text of a document of the page, by its hash; undefined without the page. */
  pageDocument: ((hash: string) => MaybePromise<string | undefined>) | undefined;
  log: Logger;
  metrics: Metrics;
  /** Ends the subscriptions, which would end never. */
  signal: AbortSignal;
  clock: Clock;
};

/** What answers GraphQL requests. */
export type Operations = {
  /** Executes an operation. */
  execute: Execute;
  /** Answers a request: by executing its operation, or with an answer that was kept. */
  respond: (exchange: Exchange) => MaybePromise<HttpResponse>;
  changes: Changes;
};

export function createOperations(options: OperationsOptions): Operations {
  const { config, accountRegions, knowledge, authenticate, pageDocument, metrics, clock } = options;
  const { now, elapsedMs, every } = clock;
  const { TRUSTED_DOCUMENTS: file } = config;
  const clientDocuments =
    file && followValue('TRUSTED_DOCUMENTS', file, file.value, { log: options.log, every });
  const changes = createChanges({ ...options, all: accountRegions.all });
  metrics.subscriptions(changes.count);
  /** Without authentication, a client is known by its address alone. */
  const clientOf = ({ request, viewer }: Exchange) =>
    (config.auth.kind === 'none' ? request.address : viewer?.name) ?? '';
  const turnToParse = createTurnsToParse({ clientOf, elapsedMs });
  const execute = createExecution({
    ...options,
    changes,
    authenticate: ({ header, certificate }) => authenticate(header, () => certificate(true)),
    clientOf,
    turnToParse,
  });
  const respond = serveGraphQL({
    maxBodyBytes: config.MAX_BODY_BYTES,
    execute,
    resolveDocument: createResolveDocument({
      find: (id) => clientDocuments?.().get(id) ?? pageDocument?.(id),
      isOnly: config.ONLY_TRUSTED_DOCUMENTS,
      hasClients: clientDocuments !== null,
      turnToParse,
    }),
    responseCache:
      config.CACHE_TTL_MS > 0 && !config.EXPOSE_COST
        ? createResponseCache({ isFresh: knowledge.isFresh, now })
        : undefined,
  });
  return { execute, respond, changes };
}
