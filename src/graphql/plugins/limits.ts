import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { comparisonsIn } from './comparisons.ts';
import type { ServerContext } from './operation.ts';
import { type OperationSize, sizeOf } from './operation-size.ts';

export type Limits = { maxTokens: number } & {
  [Name in keyof OperationSize as `max${Capitalize<Name>}`]: number;
};

type Measured = { cost: number; errors: GraphQLError[] };

/** Refuses operations that exceed the limits before any field is resolved. */
export function useLimits(limits: Limits): Plugin<ServerContext, ServerContext> {
  /** The sizes of operations without variables, which are the same each time. */
  const known = new WeakMap<OperationDefinitionNode, Measured>();
  const comparable = new WeakSet<DocumentNode>();

  function measure(
    { schema, document, variableValues }: ExecutionArgs,
    operation: OperationDefinitionNode,
  ): Measured {
    const definitions = operation.variableDefinitions ?? [];
    // The execution reports what is wrong with the variables.
    const { coerced } = getVariableValues(schema, definitions, variableValues ?? {}, { maxErrors: 0 });
    if (!coerced) return { cost: 0, errors: [] };
    const fragments = document.definitions.filter(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION,
    );
    const size = sizeOf(schema, operation, fragments, coerced);
    const errors = [
      ...complaint('depth', size.depth, limits.maxDepth),
      ...complaint('aliases', size.aliases, limits.maxAliases),
      ...complaint('directives', size.directives, limits.maxDirectives),
      ...complaint('cost', size.cost, limits.maxCost),
      ...complaint('changes', size.changes, limits.maxChanges),
    ];
    const measured = { cost: size.cost, errors };
    if (definitions.length === 0) known.set(operation, measured);
    return measured;
  }

  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, maxTokens: limits.maxTokens }));
      return ({ result }) => {
        if (TOO_MANY_TOKENS.test(messageOf(result)))
          throw tooLarge(`expected tokens up to ${limits.maxTokens}, got more`);
        if (result instanceof RangeError) throw tooLarge('expected less that is nested in each other');
        if (result instanceof Error || !result || comparable.has(result)) return;
        if (comparisonsIn(result, MAX_COMPARISONS) > MAX_COMPARISONS)
          throw tooLarge('expected fewer fields that could be the same');
        comparable.add(result);
      };
    },
    onExecute({ args, setResultAndStopExecution }) {
      const operation = getOperationAST(args.document, args.operationName);
      if (!operation) return;
      const { cost, errors } = known.get(operation) ?? measure(args, operation);
      const { exchange }: ServerContext = args.contextValue;
      if (exchange.operation) exchange.operation.cost = cost;
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}

const complaint = (what: string, got: number, most: number): GraphQLError[] =>
  got <= most ? [] : [tooLarge(`expected ${what} up to ${most}, got ${got}`)];

const tooLarge = (complaint: string) =>
  new GraphQLError(`The operation is too large: ${complaint}.`, {
    extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
  });

/**
 * Validation needs some milliseconds for this many. No client selects a field a hundred times, and graphql-php has the same
 * bound (https://github.com/webonyx/graphql-php/issues/1906); graphql-js's own, 500,000, takes a fifth of a second.
 */
const MAX_COMPARISONS = 20_000;

/** graphql-js marks a document with more than `maxTokens` by its message alone. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

const messageOf = (result: unknown) => (result instanceof GraphQLError ? result.message : '');
