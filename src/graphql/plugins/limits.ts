import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { comparisonsIn } from './comparisons.ts';
import type { ServerContext } from './operation.ts';
import { type Measure, tooLarge } from './operation-limits.ts';

/** An operation that is about to be executed. */
type Begun = { args: ExecutionArgs; setResultAndStopExecution: (result: ExecutionResult) => void };

/** Refuses documents and operations that are too large before any field is resolved. */
export function useLimits({
  maxTokens,
  measure,
}: {
  maxTokens: number;
  measure: Measure;
}): Plugin<ServerContext, ServerContext> {
  const comparable = new WeakSet<DocumentNode>();

  function check({ args, setResultAndStopExecution }: Begun): void {
    const { document, operationName, variableValues, contextValue } = args;
    const operation = getOperationAST(document, operationName);
    const measured = operation && measure(document, operation, variableValues);
    if (!measured) return;
    const { exchange } = contextValue as ServerContext;
    if (exchange.operation) exchange.operation.cost = measured.cost;
    if (measured.errors.length > 0) setResultAndStopExecution({ errors: measured.errors });
  }

  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, maxTokens }));
      return ({ result }) => {
        if (TOO_MANY_TOKENS.test(messageOf(result)))
          throw tooLarge(`expected tokens up to ${maxTokens}, got more`);
        if (result instanceof RangeError) throw tooLarge('expected less that is nested in each other');
        if (result instanceof Error || !result || comparable.has(result)) return;
        if (comparisonsIn(result, MAX_COMPARISONS) > MAX_COMPARISONS)
          throw tooLarge('expected fewer fields that could be the same');
        comparable.add(result);
      };
    },
    onExecute: check,
    onSubscribe: check,
  };
}

/**
 * Validation needs some milliseconds for this many. No client selects a field a hundred times, and graphql-php has the same
 * bound (https://github.com/webonyx/graphql-php/issues/1906); graphql-js's own, 500,000, takes a fifth of a second.
 */
const MAX_COMPARISONS = 20_000;

/** graphql-js marks a document with more than `maxTokens` by its message alone. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

const messageOf = (result: unknown) => (result instanceof GraphQLError ? result.message : '');
