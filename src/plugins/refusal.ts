import type { FetchAPI } from 'graphql-yoga';

/** What a refusal says: a `GraphQLError`, or the part of one that a client sees. */
type Reason = { message: string; extensions: Record<string, unknown> };

/** An answer to a request that is refused before GraphQL sees it, in the form of a GraphQL error. */
export const refusal = (
  { Response }: FetchAPI,
  status: number,
  { message, extensions }: Reason,
  requestId: string,
  headers: Record<string, string> = {},
): Response =>
  new Response(JSON.stringify({ errors: [{ message, extensions: { ...extensions, requestId } }] }), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
