import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { ApiGateway } from './api-gateway.ts';
import type { Config } from './config.ts';
import { type Context, createContext } from './context.ts';
import { useArgumentErrors } from './plugins/argument-errors.ts';
import { maskError } from './plugins/error-masking.ts';
import { useGraphiQL } from './plugins/graphiql.ts';
import { useOperationNameErrors } from './plugins/operation-name.ts';
import { useRequestLog } from './plugins/request-log.ts';
import { schema } from './schema/index.ts';

const ENDPOINT = '/graphql';

export type ServerOptions = {
  config: Config;
  apiGateway: ApiGateway;
  log: Logger;
  now?: () => Date;
};

/** The service as a request handler: for `node:http` as a listener, for a test through `fetch`. */
export function createServer({ config, apiGateway, log, now = () => new Date() }: ServerOptions) {
  return createYoga<Record<never, never>, Context>({
    schema,
    context: createContext({
      apiGateway,
      now,
      expiringWithinDays: config.EXPIRING_WITHIN_DAYS,
      maxCollectionPages: config.MAX_COLLECTION_PAGES,
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
    plugins: [useRequestLog(log), useGraphiQL(ENDPOINT), useOperationNameErrors(), useArgumentErrors()],
  });
}
