import { type Client, type Exchange, makeOperation, type Operation } from '@urql/core';
import { pipe, tap } from 'wonka';

/** Asks all queries again that are shown. A failure of something else, such as the end of a subscription, asks for nothing. */
export type ReadAgain = () => void;

/** Notes which queries are shown. To be put before the cache. */
export function createReadingAgain(): { exchange: Exchange; readAgain: ReadAgain } {
  const shown = new Map<number, Operation>();
  let client: Client | undefined;

  function note(operation: Operation): void {
    if (operation.kind === 'query') shown.set(operation.key, operation);
    else if (operation.kind === 'teardown') shown.delete(operation.key);
  }

  return {
    exchange: (input) => {
      client = input.client;
      return (operations) => input.forward(pipe(operations, tap(note)));
    },
    readAgain: () => {
      for (const operation of [...shown.values()])
        client?.reexecuteOperation(
          makeOperation('query', operation, { ...operation.context, requestPolicy: 'network-only' }),
        );
    },
  };
}
