import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import type { Context } from '../context.ts';

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
  plugins: [ErrorsPlugin],
  defaultFieldNullability: false,
  defaultInputFieldRequiredness: true,
  errors: { directResult: true },
});

builder.addScalarType('DateTime', GraphQLDateTimeISO, {
  description: 'A point in time in ISO 8601, in UTC with milliseconds: `2026-11-20T09:30:00.000Z`.',
});
builder.queryType({
  description: 'Reads. An id that does not exist is `null`; a malformed one is an error.',
});
builder.subscriptionType({
  description: 'What is told as it happens, by server-sent events: `accept: text/event-stream`.',
});
builder.mutationType({
  description: 'Changes. Errors that the caller can act on are members of the result.',
});
