import { type DocumentNode, GraphQLError, Kind } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { quote } from '../../errors/input-issues.ts';

/** Lists the operations of a document if `operationName` names none of them, or is missing although there are several. */
export function useOperationNameErrors(): Plugin<YogaInitialContext> {
  return {
    onParse() {
      return ({ result, context }) => {
        if (result && !(result instanceof Error)) check(result, context.params.operationName);
      };
    },
  };
}

function check(document: DocumentNode, operationName: string | null | undefined): void {
  const names = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ name }) => name?.value ?? '');
  const isClear = operationName == null ? names.length === 1 : names.includes(operationName);
  if (isClear) return;
  const expected = names.map((name) => JSON.stringify(name)).join(' or ') || 'a document with an operation';
  throw new GraphQLError(
    `operationName: expected ${expected}, got ${operationName == null ? 'none' : quote(operationName)}`,
    { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
  );
}
