import { clientCertificateEntity } from './client-certificates/type.ts';
import type { Entity } from './entity.ts';
import { apiStageEntity } from './stages/type.ts';

/** What `node` finds by its global id, and other subgraphs by any of its keys. */
export const ENTITIES = [clientCertificateEntity, apiStageEntity];

type ShapeOf<E> = E extends Entity<infer T> ? T : never;

/** What can be found so, whatever it is. */
export type AnyEntity = ShapeOf<(typeof ENTITIES)[number]>;
