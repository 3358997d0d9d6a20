import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import type { Context } from '../context.ts';
import { encodeGlobalId } from '../global-id.ts';

/** The builder of the one schema: its plugins, its scalars, its defaults. */
export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: true;
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    ID: { Input: string; Output: string };
    _Any: { Input: unknown; Output: unknown };
  };
}>({
  plugins: [ErrorsPlugin, RelayPlugin],
  defaultFieldNullability: false,
  defaultInputFieldRequiredness: true,
  errors: { directResult: true },
  relay: {
    encodeGlobalID: (typename, id) => encodeGlobalId(typename, String(id)),
    brandLoadedObjects: false,
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    pageInfoTypeOptions: {
      description: 'Where a page stands in the whole.',
      extensions: { directives: { shareable: {} } },
    },
    hasNextPageFieldOptions: { description: 'Whether there is more behind this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is something before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first edge; null where the page is empty.' },
    endCursorFieldOptions: { description: 'The cursor of the last edge; null where the page is empty.' },
    nodeTypeOptions: { description: 'Anything that has a global id, by which `node` finds it again.' },
    idFieldOptions: { description: 'The global id: opaque, and unique over all types and regions.' },
  },
});

builder.addScalarType('DateTime', GraphQLDateTimeISO, {
  description: 'A point in time in ISO 8601, in UTC with milliseconds: `2026-11-20T09:30:00.000Z`.',
});
builder.queryType({
  description: 'Reads. An id that does not exist is `null`; a malformed one is an error.',
});
builder.mutationType({
  description: 'Changes. What a caller can act on comes back as one of the errors of the result.',
});
