import type { Exchange, OperationResult } from '@urql/core';
import { map, pipe } from 'wonka';

/** What was read, and with its extensions, when. */
type Answer = Pick<OperationResult, 'data' | 'extensions'>;

/**
 * What was read stays where reading it again fails, beside the error: else the view would go, and with it what a person is typing
 * there. To be put before the cache, and like that it forgets nothing until a reload.
 */
export const lastAnswersExchange: Exchange = ({ forward }) => {
  const last = new Map<number, Answer>();

  function kept(result: OperationResult): OperationResult {
    const { operation, error } = result;
    if (operation.kind !== 'query') return result;
    const before = last.get(operation.key);
    const { data, extensions } = error && before ? filled(result, before) : result;
    if (data) last.set(operation.key, { data, extensions });
    return { ...result, data, extensions };
  }

  return (operations) => pipe(forward(operations), map(kept));
};

/** With the fields of the query that are missing. It is as old as they are. */
function filled(answer: Answer, last: Answer): Answer {
  if (!answer.data) return last;
  const missing = Object.entries(last.data).filter(([name]) => answer.data[name] === null);
  if (missing.length === 0) return answer;
  return { data: { ...answer.data, ...Object.fromEntries(missing) }, extensions: last.extensions };
}
