import { clientCertificateEntity } from './client-certificates/type.ts';

/** What `node` finds by its global id, and other subgraphs by any of its keys. */
export const ENTITIES = [clientCertificateEntity];
