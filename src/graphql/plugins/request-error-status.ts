import type { Plugin } from 'graphql-yoga';
import type { ServerContext } from './operation.ts';

/**
 * An answer without data is 400 in the specification's media type, where Yoga leaves some at 200
 * (https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes). In `application/json` the status stays.
 */
export function useRequestErrorStatus(): Plugin<Record<never, never>, ServerContext> {
  return {
    onResultProcess({ result, setResult, serverContext }) {
      if (serverContext.exchange.accepted.mediaType !== 'application/graphql-response+json') return;
      if (Array.isArray(result) || Symbol.asyncIterator in result || 'data' in result) return;
      if (result.errors?.some(({ extensions }) => extensions['unexpected'])) return; // which is 500
      setResult({ ...result, extensions: { ...result.extensions, http: { status: 400 } } });
    },
  };
}
