import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** When each request came, and, once it is known, the name that its client gave to the operation. */
export type Operations = WeakMap<Request, { startedAtMs: number; name?: string | undefined }>;

/** Takes down what the log and the metrics say of each operation when it ends. */
export function useOperations(operations: Operations): Plugin {
  return {
    onRequest({ request }) {
      operations.set(request, { startedAtMs: performance.now() });
    },
    onExecute({ args: { document, operationName, contextValue } }) {
      const operation = operations.get(contextValue.request);
      if (operation) operation.name = getOperationAST(document, operationName)?.name?.value;
    },
  };
}
