import type { ApiGateway } from './api-gateway.ts';
import { type ClientCertificates, createClientCertificates } from './client-certificates.ts';

/** What the resolvers of one operation share. */
export type Context = {
  clientCertificates: ClientCertificates;
  /** The same moment for the whole answer. */
  now: Date;
  expiringWithinDays: number;
};

/** A new context for each operation. */
export const createContext =
  (apiGateway: ApiGateway, now: () => Date, expiringWithinDays: number) => (): Context => ({
    clientCertificates: createClientCertificates(apiGateway),
    now: now(),
    expiringWithinDays,
  });
