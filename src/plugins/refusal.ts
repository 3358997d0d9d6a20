import type { FetchAPI } from 'graphql-yoga';

/**
 * An answer to a request that is refused before GraphQL sees it, in the form of a GraphQL error. An `x-request-id` among
 * its headers is also in the error, as it is in all others.
 */
export const refusal = (
  fetchAPI: FetchAPI,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response =>
  new fetchAPI.Response(
    JSON.stringify({ errors: [{ message, extensions: { code, requestId: headers['x-request-id'] } }] }),
    {
      status,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    },
  );
