import type { Exchange, OperationResult } from '@urql/core';
import { map, pipe } from 'wonka';

type Data = Record<string, unknown>;

/**
 * What was read stays where reading it again fails, beside the error: else the view would go, and with it what a person is typing
 * there. To be put before the cache, and like that it forgets nothing until a reload.
 */
export const lastAnswersExchange: Exchange = ({ forward }) => {
  const last = new Map<number, Data>();

  function kept(result: OperationResult): OperationResult {
    const { operation, error } = result;
    if (operation.kind !== 'query') return result;
    const data: Data | undefined = error
      ? filled(result.data ?? undefined, last.get(operation.key))
      : result.data;
    if (data) last.set(operation.key, data);
    return { ...result, data };
  }

  return (operations) => pipe(forward(operations), map(kept));
};

/** With the fields of the query that are missing. */
function filled(data: Data | undefined, last: Data | undefined): Data | undefined {
  if (!data || !last) return data ?? last;
  const missing = Object.entries(last).filter(([name]) => data[name] === null);
  return missing.length === 0 ? data : { ...data, ...Object.fromEntries(missing) };
}
