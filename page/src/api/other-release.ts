import type { CombinedError, Exchange, Operation } from '@urql/core';
import { pipe, tap } from 'wonka';

/** Whether a service that executes only documents that it trusts does not trust one, since it is of another release than the page. */
export const isOfOtherRelease = ({ graphQLErrors }: CombinedError): boolean =>
  graphQLErrors.some(({ extensions }) => extensions['code'] === 'DOCUMENT_NOT_TRUSTED');

/** An error that says so, of a query that is shown. The page shows that once, and not where each query would be. */
export type OtherRelease = {
  error(): CombinedError | undefined;
  subscribe(listener: () => void): () => void;
};

/** Notes which queries are not trusted, until they are answered or shown no more. To be put before the cache. */
export function createOtherRelease(): OtherRelease & { exchange: Exchange } {
  const listeners = new Set<() => void>();
  const notTrusted = new Map<number, CombinedError>();

  function note({ key }: Operation, error: CombinedError | undefined): void {
    if (error && isOfOtherRelease(error)) notTrusted.set(key, error);
    else if (!notTrusted.delete(key)) return;
    for (const listener of listeners) listener();
  }

  return {
    error: () => notTrusted.values().next().value,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exchange:
      ({ forward }) =>
      (operations) =>
        pipe(
          operations,
          tap((operation) => {
            if (operation.kind === 'teardown') note(operation, undefined);
          }),
          forward,
          tap(({ operation, error, stale }) => {
            if (operation.kind === 'query' && !stale) note(operation, error);
          }),
        ),
  };
}
