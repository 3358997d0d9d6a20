import { clientCertificateEntity } from './client-certificate.ts';

/** What `node` finds by its global id, and other subgraphs by any of its keys. */
export const ENTITIES = [clientCertificateEntity];
