import { type Exchange, makeOperation, type Operation, type OperationResult } from '@urql/core';
import { map, pipe } from 'wonka';

/** When AWS was read for an answer. */
export type Reading = {
  at: Date;
  /** Whether it stands in for an answer that AWS did not give. */
  isStale: boolean;
};

/** Puts when AWS was read into the extensions of each answer, with which it is kept. To be put before the exchange that fetches. */
export const readingsExchange: Exchange = ({ forward }) => {
  const readings = new Map<number, Reading>();

  function noting(operation: Operation): Operation {
    const noted: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      readings.set(operation.key, readingIn(response));
      return response;
    };
    return makeOperation(operation.kind, operation, { ...operation.context, fetch: noted });
  }

  function withReading(result: OperationResult): OperationResult {
    const { key, kind } = result.operation;
    if (kind !== 'query') return result;
    const reading = readings.get(key);
    readings.delete(key);
    return { ...result, extensions: { ...result.extensions, reading } };
  }

  return (operations) => pipe(operations, map(noting), forward, map(withReading));
};

function readingIn({ headers }: Response): Reading {
  const age = headers.get('age'); // in seconds, of answers that are stale
  return { at: new Date(Date.now() - Number(age ?? 0) * 1000), isStale: age !== null };
}

/** When AWS was read for what is shown of a query; undefined while nothing is. */
export const readingOf = (extensions: OperationResult['extensions'], shown: unknown): Reading | undefined =>
  shown ? extensions?.['reading'] : undefined;
