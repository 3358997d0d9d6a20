import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Asks clients that send the hash of a document alone to send the document, in the words that they expect
 * (https://www.apollographql.com/docs/graphos/platform/security/persisted-queries, "automatic persisted queries").
 */
export function useNoPersistedQueries(): Plugin {
  return {
    onParams({ params: { query, extensions } }) {
      if (query || !(extensions instanceof Object) || !('persistedQuery' in extensions)) return;
      throw new GraphQLError('PersistedQueryNotSupported', {
        extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
      });
    },
  };
}
