import { GraphQLError, getNamedType, NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Keeps the schema to those who have it already: `__schema` and `__type` are refused, and `_service`, whose SDL it is. */
export function useNoIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
      addValidationRule(NoServiceRule);
    },
  };
}

const NoServiceRule: ValidationRule = (context) => ({
  Field(node) {
    if (getNamedType(context.getType())?.name !== '_Service') return;
    const message =
      'GraphQL introspection has been disabled, but the requested query contained the field "_service".';
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

/** Takes graphql-js's guesses of names out of its messages: about documents, and about the values of variables. */
export function useNoSuggestions(): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone({ result, setResult }) {
        if ('errors' in result && result.errors)
          setResult({ ...result, errors: result.errors.map(withoutSuggestion) });
      },
    }),
    onValidate:
      () =>
      ({ result, setResult }) => {
        setResult(result.map(withoutSuggestion));
      },
  };
}

const SUGGESTION = / ?Did you mean .*$/s;

/** The errors of resolvers stay as they are: what they quote may be of clients and of AWS. */
function withoutSuggestion<E extends Error>(error: E): E | GraphQLError {
  if (!(error instanceof GraphQLError) || error.path || !SUGGESTION.test(error.message)) return error;
  const { message, nodes = null, source, positions, extensions } = error;
  return new GraphQLError(message.replace(SUGGESTION, ''), { nodes, source, positions, extensions });
}
