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
      setParseFn((source, options) => {
        try {
          return parseFn(source, { ...options, maxTokens: limits.maxTokens });
        } catch (error) {
          throw isTooManyTokens(error) ? tooLarge(`tokens up to ${limits.maxTokens}, got more`) : error;
        }
      });
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

const complaint = (what: string, got: number, most: number): GraphQLError[] =>
  got <= most ? [] : [tooLarge(`${what} up to ${most}, got ${got}`)];

const tooLarge = (complaint: string) =>
  new GraphQLError(`The operation is too large: expected ${complaint}.`, {
    extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
  });

/** By its words: graphql-js has no other sign for it. */
const isTooManyTokens = (error: unknown) =>
  error instanceof GraphQLError &&
  /^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(error.message);
