import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Clients that first send the hash of a document alone are told to send the document, in the words that they look for
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
