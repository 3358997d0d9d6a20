import type { ApiGateway } from './api-gateway.ts';
import { type CallCount, createAwsCalls } from './aws-calls.ts';
import type { Expiry } from './client-certificate.ts';
import { type ClientCertificates, createClientCertificates } from './client-certificates.ts';
import type { Config } from './config.ts';
import type { Viewer } from './viewer.ts';

/** What the resolvers of one operation share; `expiry.now` is the same moment for the whole answer. */
export type Context = {
  viewer: Viewer;
  clientCertificates: ClientCertificates;
  expiry: Expiry;
  awsCalls: CallCount;
};

export type ContextOptions = {
  config: Config;
  apiGateway: ApiGateway;
  /** Throws where nobody was let in with this request. */
  viewerOf: (request: Request) => Viewer;
  now?: () => Date;
};

/** A new context for each operation. Its reads of AWS end with its request, and all its calls with its time. */
export const createContext =
  ({ config, apiGateway: { client, region }, viewerOf, now = () => new Date() }: ContextOptions) =>
  ({ request }: { request: Request }): Context => {
    const viewer = viewerOf(request);
    const expiry = { now: now(), expiringWithinDays: config.EXPIRING_WITHIN_DAYS };
    const aws = createAwsCalls({ client, gone: request.signal, timeoutMs: config.REQUEST_TIMEOUT_MS });
    const maxCollectionPages = config.MAX_COLLECTION_PAGES;
    return {
      viewer,
      clientCertificates: createClientCertificates({ aws, region, viewer, expiry, maxCollectionPages }),
      expiry,
      awsCalls: aws.count,
    };
  };
