import { GraphQLError } from 'graphql';
import { MaskedError } from '../../errors/errors.ts';

/**
 * Passes errors that were made for clients, and masks all others, in every environment. An error of graphql-js without a
 * code, such as one about a variable, is the client's mistake. Parameters that are not a GraphQL request are 400 for
 * every client, although Yoga has 200 for some.
 */
export function maskError(error: unknown): Error {
  if (!isMeantForClients(error)) return new MaskedError(error);
  const { originalError, ...rest } = error.extensions;
  const isMalformed = rest['code'] === 'BAD_REQUEST' && isForSpecOnly(rest['http']);
  if (rest['code'] !== undefined && !isMalformed) return error;
  const { message, nodes = null, source, positions, path } = error;
  const extensions = { code: 'BAD_USER_INPUT', ...rest, ...(isMalformed && BAD_REQUEST) };
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

const BAD_REQUEST = { http: { status: 400 } };

/** How Yoga marks a status that clients of `application/json` do not get. */
const isForSpecOnly = (http: unknown) => http instanceof Object && 'spec' in http && http.spec === true;

function isMeantForClients(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError)) return false;
  return error.originalError == null || isMeantForClients(error.originalError);
}
