import './error.ts';
import './account-region.ts';
import './client-certificates/type.ts';
import './client-certificates/connection.ts';
import './client-certificates/mutations.ts';
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
import { builder } from './builder.ts';
import { subgraphExtensions } from './sdl.ts';

export type SchemaOptions = {
  /** Without them, another subgraph of the same graph can have `node` and `nodes`. */
  nodeQueries?: boolean;
  /** Whether its SDL tells gateways which scope what takes. */
  federationAuthDirectives?: boolean;
};

/** The schemas that were made. They never change, and each takes three milliseconds and more for its first operation. */
const made = new Map<string, GraphQLSchema>();

/** The schema, which is that of a subgraph as well. */
export function createSchema({
  nodeQueries = true,
  federationAuthDirectives = false,
}: SchemaOptions = {}): GraphQLSchema {
  const key = `${nodeQueries} ${federationAuthDirectives}`;
  const schema = made.get(key) ?? buildSchema(nodeQueries, federationAuthDirectives);
  made.set(key, schema);
  return schema;
}

function buildSchema(nodeQueries: boolean, federationAuthDirectives: boolean): GraphQLSchema {
  const schema = builder.toSchema({ extensions: subgraphExtensions(federationAuthDirectives) });
  if (nodeQueries) return schema;
  return mapSchema(schema, {
    [MapperKind.QUERY_ROOT_FIELD]: (_, name) => (name === 'node' || name === 'nodes' ? null : undefined),
  });
}
