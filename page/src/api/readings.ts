import { createContext, useContext } from 'react';

/** When AWS was read for an answer. */
export type Reading = {
  at: Date;
  /** Whether it stands in for an answer that AWS did not give. */
  isStale: boolean;
};

type ReadingOf = (operationName: string) => Reading | undefined;

/** Notes when AWS was read for the last answer to each operation, by its name. */
export function createReadings(): { fetchAndNote: typeof fetch; readingOf: ReadingOf } {
  const readings = new Map<string, Reading>();
  return {
    fetchAndNote: async (input, init) => {
      const response = await fetch(input, init);
      const [, name] = /"operationName":"(\w+)"/.exec(String(init?.body)) ?? [];
      const age = response.headers.get('age'); // in seconds, of answers that are stale
      const at = new Date(Date.now() - Number(age ?? 0) * 1000);
      if (name && response.ok) readings.set(name, { at, isStale: age !== null });
      return response;
    },
    readingOf: (name) => readings.get(name),
  };
}

export const ReadingsContext = createContext<ReadingOf>(() => undefined);

/** When AWS was read for the answer to the operation of this name that is shown; undefined while none is. */
export function useReading(operationName: string, shown: unknown): Reading | undefined {
  const readingOf = useContext(ReadingsContext);
  return shown ? readingOf(operationName) : undefined;
}
