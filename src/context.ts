import type { ApiGateway } from './api-gateway.ts';
import { type CallCount, createAwsCalls } from './aws-calls.ts';
import type { Expiry } from './client-certificate.ts';
import { type ClientCertificates, createClientCertificates } from './client-certificates.ts';

/** What the resolvers of one operation share; `expiry.now` is the same moment for the whole answer. */
export type Context = { clientCertificates: ClientCertificates; expiry: Expiry; awsCalls: CallCount };

export type ContextOptions = {
  apiGateway: ApiGateway;
  now: () => Date;
  expiringWithinDays: number;
  maxCollectionPages: number;
  requestTimeoutMs: number;
};

/** A new context for each operation. Its reads of AWS end with its request, and all its calls with its time. */
export const createContext =
  ({ apiGateway, now, expiringWithinDays, maxCollectionPages, requestTimeoutMs }: ContextOptions) =>
  ({ request: { signal } }: { request: { signal: AbortSignal } }): Context => {
    const { client, region } = apiGateway;
    const expiry = { now: now(), expiringWithinDays };
    const aws = createAwsCalls({ client, gone: signal, timeoutMs: requestTimeoutMs });
    return {
      clientCertificates: createClientCertificates({ aws, region, expiry, maxCollectionPages }),
      expiry,
      awsCalls: aws.count,
    };
  };
