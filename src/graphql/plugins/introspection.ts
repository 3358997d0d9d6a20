import { GraphQLError, getNamedType, NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Refuses everything that reveals the schema: `__schema`, `__type`, and the SDL of `_service`. */
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

/** Removes graphql-js's "Did you mean" from its messages about documents and variables. */
export function useNoSuggestions(): Plugin {
  return {
    onExecute: () => ({ onExecuteDone: removeSuggestions }),
    onSubscribe: () => ({ onSubscribeResult: removeSuggestions }),
    onValidate:
      () =>
      ({ result, setResult }) => {
        setResult(result.map(withoutSuggestion));
      },
  };
}

/** Of an answer, or of the refusal of a subscription. */
function removeSuggestions<R extends object>({ result, setResult }: Done<R>): undefined {
  if ('errors' in result && Array.isArray(result.errors))
    setResult({ ...result, errors: result.errors.map(withoutSuggestion) });
}

type Done<R> = { result: R; setResult: (result: R) => void };

const SUGGESTION = / ?Did you mean .*$/s;

/** Errors of resolvers stay as they are, because they may quote clients and AWS. */
function withoutSuggestion<E extends Error>(error: E): E | GraphQLError {
  if (!(error instanceof GraphQLError) || error.path || !SUGGESTION.test(error.message)) return error;
  const { message, nodes = null, source, positions, extensions } = error;
  return new GraphQLError(message.replace(SUGGESTION, ''), { nodes, source, positions, extensions });
}
