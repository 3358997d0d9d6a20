import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
} from 'graphql';

/** Answers a subscription: with a stream of results, or with the errors because of which there is none. */
export type Subscribe = (
  args: ExecutionArgs,
) => Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;

/**
 * Executes each event as an operation of its own, in the context that `contextOf` makes of that of the subscription. If it rejects,
 * or the event has no data, as for a viewer who may not see it any more, that is the last result. graphql-js has one
 * context for all events, although what is known, and how long an operation may take, begins anew with each.
 */
export const createSubscribe =
  (contextOf: (contextValue: unknown) => Promise<unknown>): Subscribe =>
  async (args) => {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    return resultsOf(source[Symbol.asyncIterator](), async (rootValue) =>
      execute({ ...args, rootValue, contextValue: await contextOf(args.contextValue) }),
    );
  };

function resultsOf(
  events: AsyncIterator<unknown>,
  executeOne: (event: unknown) => Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  let isOver = false;

  async function end(): Promise<IteratorReturnResult<undefined>> {
    isOver = true;
    await events.return?.();
    return { done: true, value: undefined };
  }

  return {
    async next() {
      if (isOver) return end();
      const { done, value } = await events.next();
      if (done) return end();
      const result = await executeOne(value).catch(failed);
      if (result.data == null) await end();
      return { done: false, value: result };
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** An error that is not meant for clients is masked as that of a resolver is. */
function failed(error: Error): ExecutionResult {
  if (error instanceof GraphQLError) return { errors: [error] };
  return { errors: [new GraphQLError(error.message, { originalError: error })] };
}
