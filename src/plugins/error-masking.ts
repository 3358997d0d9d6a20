import { GraphQLError } from 'graphql';
import { MaskedError } from '../errors.ts';

/**
 * Lets errors pass that were made for clients, and masks all others, in every environment. An error of graphql-js
 * without a code of its own, such as one about a variable, is the client's mistake. What Yoga caught to make an error
 * of it stays here; that is a body which is no JSON, and 400 to all clients, also to those that expect 200 for errors.
 */
export function maskError(error: unknown): Error {
  if (!isMeantForClients(error)) return new MaskedError(error);
  const { originalError, ...rest } = error.extensions;
  if (rest['code'] !== undefined && originalError === undefined) return error;
  const { message, nodes = null, source, positions, path } = error;
  const extensions = { code: 'BAD_USER_INPUT', ...rest, ...(originalError !== undefined && BAD_REQUEST) };
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

const BAD_REQUEST = { http: { status: 400 } };

function isMeantForClients(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError)) return false;
  return error.originalError == null || isMeantForClients(error.originalError);
}
