import type { ApiGateway } from './api-gateway.ts';
import { type AwsUse, createAwsCalls } from './aws-calls.ts';
import type { Expiry } from './client-certificate.ts';
import type { Item } from './client-certificate-list.ts';
import { type ClientCertificates, createClientCertificates } from './client-certificates.ts';
import type { Config } from './config.ts';
import type { UpstreamCache } from './upstream-cache.ts';
import type { Viewer } from './viewer.ts';

/** What the resolvers of one operation share; `expiry.now` is the same moment for the whole answer. */
export type Context = {
  viewer: Viewer;
  clientCertificates: ClientCertificates;
  expiry: Expiry;
  awsUse: AwsUse;
};

export type ContextOptions = {
  config: Config;
  apiGateway: ApiGateway;
  cache: UpstreamCache<Item>;
  /** Throws where nobody was let in with this request. */
  viewerOf: (request: Request) => Viewer;
  now?: () => Date;
};

/** A new context for each operation. It waits for AWS no longer than its client does, and than its time allows. */
export const createContext =
  ({ config, apiGateway: { client, region }, cache, viewerOf, now = () => new Date() }: ContextOptions) =>
  ({ request }: { request: Request }): Context => {
    const viewer = viewerOf(request);
    const expiry = { now: now(), expiringWithinDays: config.EXPIRING_WITHIN_DAYS };
    const aws = createAwsCalls({
      client,
      gone: request.signal,
      timeoutMs: config.REQUEST_TIMEOUT_MS,
      maxCalls: config.MAX_UPSTREAM_CALLS_PER_OPERATION,
    });
    return {
      viewer,
      clientCertificates: createClientCertificates({ cache, aws, region, viewer, expiry }),
      expiry,
      awsUse: aws.use,
    };
  };
