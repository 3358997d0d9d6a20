import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Reports `variables` and `extensions` of a GET that are not JSON as the client's mistake; Yoga takes them for its own. */
export function useQueryStringErrors(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (request.method !== 'GET' || !requestParser) return;
      setRequestParser((got) => {
        try {
          return requestParser(got);
        } catch {
          throw new GraphQLError('variables and extensions: expected JSON', {
            extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
          });
        }
      });
    },
  };
}
