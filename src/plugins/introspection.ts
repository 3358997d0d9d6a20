import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Keeps the schema to those who have it already: `__schema` and `__type` are refused. */
export function useNoIntrospection(): Plugin {
  return { onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule) };
}

/** Takes graphql-js's guesses of names out of its messages. */
export function useNoSuggestions(): Plugin {
  return {
    onValidate:
      () =>
      ({ result, setResult }) => {
        setResult(result.map(withoutSuggestion));
      },
  };
}

function withoutSuggestion(error: Error): Error {
  if (!(error instanceof GraphQLError)) return error;
  const { message, nodes = null, source, positions, extensions } = error;
  return new GraphQLError(message.replace(/ ?Did you mean .*$/s, ''), {
    nodes,
    source,
    positions,
    extensions,
  });
}
