const times = new Map<string, Date>();

/**
 * Sends a request for urql, and notes when AWS was read for its answer: now, or earlier by the `Age` of an answer that stands in
 * while AWS does not answer.
 */
export const fetchAndNote: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const [, name] = /"operationName":"(\w+)"/.exec(String(init?.body)) ?? [];
  const ageSeconds = Number(response.headers.get('age') ?? 0);
  if (name) times.set(name, new Date(Date.now() - ageSeconds * 1000));
  return response;
};

/** When AWS was read for the last answer to the operation of this name; undefined if there was none. */
export const readingTimeOf = (operationName: string): Date | undefined => times.get(operationName);

/** An answer older than this stands in for one that AWS did not give. */
const STALE_MS = 5_000;

export const isStale = (read: Date, now: Date): boolean => now.getTime() - read.getTime() > STALE_MS;
