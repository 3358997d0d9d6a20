import { type DefinitionNode, GraphQLError, getOperationAST, getVariableValues, Kind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type OperationSize, sizeOf } from './operation-size.ts';

export type Limits = { maxTokens: number } & {
  [Name in keyof OperationSize as `max${Capitalize<Name>}`]: number;
};

/** Refuses operations that are larger than the limits, before anything of them is resolved. */
export function useLimits(limits: Limits): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, maxTokens: limits.maxTokens }));
    },
    onExecute({ args: { schema, document, operationName, variableValues }, setResultAndStopExecution }) {
      const operation = getOperationAST(document, operationName);
      if (!operation) return;
      const { coerced } = getVariableValues(
        schema,
        operation.variableDefinitions ?? [],
        variableValues ?? {},
      );
      if (!coerced) return; // the execution will say what is wrong with them
      const fragments = (document.definitions as DefinitionNode[]).filter(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION,
      );
      const size = sizeOf(schema, operation, fragments, coerced);
      const errors = [
        ...complaint('depth', size.depth, limits.maxDepth),
        ...complaint('aliases', size.aliases, limits.maxAliases),
        ...complaint('directives', size.directives, limits.maxDirectives),
        ...complaint('cost', size.cost, limits.maxCost),
      ];
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}

function complaint(what: string, got: number, most: number): GraphQLError[] {
  if (got <= most) return [];
  return [
    new GraphQLError(`The operation is too large: expected ${what} up to ${most}, got ${got}.`, {
      extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
    }),
  ];
}
