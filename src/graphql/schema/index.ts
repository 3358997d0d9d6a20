import './error.ts';
import './account-region.ts';
import './viewer.ts';
import './client-certificates/type.ts';
import './client-certificates/connection.ts';
import './client-certificates/mutations.ts';
import './client-certificates/changes.ts';
import './client-certificates/trust-bundle.ts';
import './stages/type.ts';
import './stages/test-certificate.ts';
import './stages/connection.ts';
import './stages/client-certificate.ts';
import './stages/replacement.ts';
import './stages/certificate-in-use.ts';
import './node-queries.ts';
import './federation.ts';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import type { GraphQLSchema } from 'graphql';
import { lazyFor } from '../../maybe-promise.ts';
import { builder } from './builder.ts';
import { subgraphExtensions } from './sdl.ts';

export type SchemaOptions = {
  /** Without them, another subgraph of the same graph can have `node` and `nodes`. */
  nodeQueries?: boolean;
  /** Whether its SDL tells gateways which scope what takes. */
  federationAuthDirectives?: boolean;
};

/** The schemas are constants, made when they are asked for first: to make one and run its first operation takes milliseconds. */
const complete = lazyFor((federationAuthDirectives: boolean) =>
  builder.toSchema({ extensions: subgraphExtensions(federationAuthDirectives) }),
);
const withoutNodeQueries = lazyFor((federationAuthDirectives: boolean) =>
  mapSchema(complete(federationAuthDirectives), {
    [MapperKind.QUERY_ROOT_FIELD]: (_, name) => (name === 'node' || name === 'nodes' ? null : undefined),
  }),
);

/** The schema, which is that of a subgraph as well. */
export const createSchema = ({
  nodeQueries = true,
  federationAuthDirectives = false,
}: SchemaOptions = {}): GraphQLSchema =>
  (nodeQueries ? complete : withoutNodeQueries)(federationAuthDirectives);
