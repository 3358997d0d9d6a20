import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';

type Processed = Pick<Parameters<NonNullable<Plugin['onResultProcess']>>[0], 'result' | 'setResult'>;

/** Changes the result of an operation, or each result of a subscription. */
export function changeEach(
  { result, setResult }: Processed,
  change: (result: ExecutionResult) => ExecutionResult,
): void {
  if (Array.isArray(result)) return;
  setResult(isAsyncIterable(result) ? mapAsyncIterator(result, change) : change(result));
}
