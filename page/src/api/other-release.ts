import type { CombinedError, Exchange } from '@urql/core';
import { pipe, tap } from 'wonka';

/** Whether a service that executes only documents that it trusts does not trust one, since it is of another release than the page. */
export const isOfOtherRelease = ({ graphQLErrors }: CombinedError): boolean =>
  graphQLErrors.some(({ extensions }) => extensions['code'] === 'DOCUMENT_NOT_TRUSTED');

/** The first error of a query that says so. The page shows that once, and not where each query would be. */
export type OtherRelease = {
  error(): CombinedError | undefined;
  subscribe(listener: () => void): () => void;
};

export function createOtherRelease(): OtherRelease & { exchange: Exchange } {
  const listeners = new Set<() => void>();
  let first: CombinedError | undefined;
  return {
    error: () => first,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exchange:
      ({ forward }) =>
      (operations) =>
        pipe(
          forward(operations),
          tap(({ operation, error }) => {
            if (first || operation.kind !== 'query' || !error || !isOfOtherRelease(error)) return;
            first = error;
            for (const listener of listeners) listener();
          }),
        ),
  };
}
