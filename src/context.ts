import type { ApiGateway } from './api-gateway.ts';
import type { Expiry } from './client-certificate.ts';
import { type ClientCertificates, createClientCertificates } from './client-certificates.ts';

/** What the resolvers of one operation share; `expiry.now` is the same moment for the whole answer. */
export type Context = { clientCertificates: ClientCertificates; expiry: Expiry };

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
  ({ request }: { request: Request }): Context => {
    const expiry = { now: now(), expiringWithinDays };
    return {
      clientCertificates: createClientCertificates({
        apiGateway,
        expiry,
        maxCollectionPages,
        gone: request.signal,
        deadline: AbortSignal.timeout(requestTimeoutMs),
      }),
      expiry,
    };
  };
