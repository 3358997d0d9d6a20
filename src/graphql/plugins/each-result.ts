import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';

type Processed = Pick<Parameters<NonNullable<Plugin['onResultProcess']>>[0], 'result' | 'setResult'>;

/**
 * Changes the result of an operation, or each result of a subscription. One that is left without data is the last: its changes
 * are never told again.
 */
export function changeEach(
  { result, setResult }: Processed,
  change: (result: ExecutionResult) => ExecutionResult,
): void {
  if (Array.isArray(result)) return;
  setResult(isAsyncIterable(result) ? changeEvents(result, change) : change(result));
}

function changeEvents(
  results: AsyncIterable<ExecutionResult>,
  change: (result: ExecutionResult) => ExecutionResult,
): AsyncIterable<ExecutionResult> {
  const events = results[Symbol.asyncIterator]();
  return mapAsyncIterator(events, async (result) => {
    const changed = change(result);
    if (changed.data == null) await events.return?.();
    return changed;
  });
}
