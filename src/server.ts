import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { ApiGateway } from './api-gateway.ts';
import { createAuthenticator } from './authentication.ts';
import type { Config } from './config.ts';
import { type Context, createContext } from './context.ts';
import { UnauthenticatedError } from './errors.ts';
import { useArgumentErrors } from './plugins/argument-errors.ts';
import { useAuthentication } from './plugins/authentication.ts';
import { maskError } from './plugins/error-masking.ts';
import { useGraphiQL } from './plugins/graphiql.ts';
import { useOperationNameErrors } from './plugins/operation-name.ts';
import { useRequestLog } from './plugins/request-log.ts';
import { schema } from './schema/index.ts';
import type { Viewer } from './viewer.ts';

const ENDPOINT = '/graphql';

export type ServerOptions = {
  config: Config;
  apiGateway: ApiGateway;
  log: Logger;
  now?: () => Date;
};

/** The service as a request handler: for `node:http` as a listener, for a test through `fetch`. */
export function createServer({ config, apiGateway, log, now = () => new Date() }: ServerOptions) {
  const viewers = new WeakMap<Request, Viewer>();
  const viewerOf = (request: Request): Viewer => {
    const viewer = viewers.get(request);
    if (!viewer) throw new UnauthenticatedError('missing', 'the request was not authenticated');
    return viewer;
  };
  return createYoga<Record<never, never>, Context>({
    schema,
    context: createContext({
      apiGateway,
      now,
      expiringWithinDays: config.EXPIRING_WITHIN_DAYS,
      maxCollectionPages: config.MAX_COLLECTION_PAGES,
      viewerOf,
    }),
    graphqlEndpoint: ENDPOINT,
    healthCheckEndpoint: '/health',
    maxRequestBodySize: config.MAX_BODY_BYTES,
    maskedErrors: { maskError, isDev: false, errorMessage: '' },
    logging: false,
    // Each of these is on unless switched off.
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    plugins: [
      useRequestLog(log),
      useGraphiQL(ENDPOINT),
      useAuthentication({
        authenticate: createAuthenticator(config, { log, now }),
        paths: [ENDPOINT, '/metrics'],
        viewers,
        log,
      }),
      useOperationNameErrors(),
      useArgumentErrors(),
    ],
  });
}
