import { type ExecutionArgs, getOperationAST } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { type AwsUse, staleSecondsOf } from '../../aws/use.ts';
import type { Exchange } from '../../exchange.ts';
import type { Context } from '../context.ts';
import { documentHash } from '../document-cache.ts';

/** The context that the service gives to Yoga with each request. */
export type ServerContext = {
  exchange: Exchange;
  /** What is forgotten once it is not needed any more. */
  sent: { body: string | undefined };
  /** The turn that the operation has taken already; rejects if it shall not begin. */
  turn: Promise<void> | undefined;
};

export type OperationOptions = {
  /** Whether answers tell their AWS calls. */
  exposeCost: boolean;
};

/** Records in the exchange what an operation is and how it ended, and adds `cost` and `stale` to its answer. */
export function useOperation({
  exposeCost,
}: OperationOptions): Plugin<Context & ServerContext, ServerContext> {
  return {
    onExecute: begin,
    onSubscribe: begin,
    onResultProcess({ result, setResult, serverContext }) {
      if (Array.isArray(result)) return;
      const { exchange, params, awsUse, expiry }: ServerContext & Partial<Context & YogaInitialContext> =
        serverContext;
      const isStream = Symbol.asyncIterator in result;
      exchange.operation = {
        ...(exchange.operation ?? NOTHING),
        document: params?.query && documentHash(params.query),
        errors: isStream ? [] : (result.errors?.map(({ extensions }) => String(extensions['code'])) ?? []),
        awsUse,
        trueFromMs: expiry?.trueFromMs ?? 0,
        trueUntilMs: expiry?.trueUntilMs ?? 0,
      };
      if (isStream) return; // each of its results has an answer of its own
      const ageSeconds = staleSecondsOf(awsUse);
      const extensions = {
        ...(ageSeconds !== undefined && { stale: { ageSeconds } }),
        ...(awsUse && exposeCost && { cost: costOf(awsUse) }),
      };
      if (Object.keys(extensions).length > 0) setResult({ ...result, extensions });
    },
  };
}

function begin({ args: { document, operationName, contextValue } }: { args: ExecutionArgs }): void {
  const operation = getOperationAST(document, operationName);
  const { exchange } = contextValue as ServerContext;
  exchange.operation = { ...NOTHING, name: operation?.name?.value, type: operation?.operation };
}

const NOTHING = {
  name: undefined,
  type: undefined,
  document: undefined,
  cost: 0,
  errors: [],
  awsUse: undefined,
  trueFromMs: 0,
  trueUntilMs: 0,
};

const costOf = ({ calls, joined, reused }: AwsUse) => ({ awsCalls: { made: calls, joined, reused } });
