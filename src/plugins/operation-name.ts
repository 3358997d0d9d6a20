import { type DocumentNode, GraphQLError, Kind } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';

/** Says which operations there are where `operationName` names none of them, or is missing and there are several. */
export function useOperationNameErrors(): Plugin<YogaInitialContext> {
  return {
    onParse() {
      return ({ result, context }) => {
        if (result && !(result instanceof Error)) check(result, context.params.operationName);
      };
    },
  };
}

function check(document: DocumentNode, operationName: string | undefined): void {
  const names = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ name }) => name?.value ?? '');
  const isClear = operationName ? names.includes(operationName) : names.length === 1;
  if (isClear) return;
  const expected = names.map((name) => JSON.stringify(name)).join(' or ') || 'a document with an operation';
  throw new GraphQLError(
    `operationName: expected ${expected}, got ${operationName ? JSON.stringify(operationName) : 'none'}`,
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  );
}
