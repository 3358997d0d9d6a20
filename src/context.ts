import type { ApiGateway } from './api-gateway.ts';
import type { Expiry } from './client-certificate.ts';
import { type ClientCertificates, createClientCertificates } from './client-certificates.ts';
import type { Viewer } from './viewer.ts';

/** What the resolvers of one operation share; `expiry.now` is the same moment for the whole answer. */
export type Context = { viewer: Viewer; clientCertificates: ClientCertificates; expiry: Expiry };

export type ContextOptions = {
  apiGateway: ApiGateway;
  now: () => Date;
  expiringWithinDays: number;
  maxCollectionPages: number;
  /** Throws where nobody was let in with this request. */
  viewerOf: (request: Request) => Viewer;
};

/** A new context for each operation; when its request is given up, its reads of AWS are too. */
export const createContext =
  ({ apiGateway, now, expiringWithinDays, maxCollectionPages, viewerOf }: ContextOptions) =>
  ({ request }: { request: Request }): Context => {
    const expiry = { now: now(), expiringWithinDays };
    const viewer = viewerOf(request);
    return {
      viewer,
      clientCertificates: createClientCertificates({
        apiGateway,
        viewer,
        expiry,
        maxCollectionPages,
        signal: request.signal,
      }),
      expiry,
    };
  };
