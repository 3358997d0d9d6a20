/** How much is wanted of a collection, as far as it tells how to read it. */
export type Demand = {
  /** Notes that several things were wanted at once, as they will be again when what is known of them is too old. */
  beBusy(): void;
  isBusy(): boolean;
  /** Notes calls that were made for single things. */
  addSingleCalls(count: number): void;
  /** How many of those there were within the TTL; `max` at the most. */
  singleCalls(): number;
};

export type DemandOptions = { ttlMs: number; max: number; elapsedMs: () => number };

/** Times are busy for two TTLs: what was wanted at once is wanted again when the first of them is over. */
export function createDemand({ ttlMs, max, elapsedMs }: DemandOptions): Demand {
  let busyUntilMs = Number.NEGATIVE_INFINITY;
  let singleCallsAtMs: number[] = [];
  return {
    beBusy: () => {
      busyUntilMs = elapsedMs() + 2 * ttlMs;
    },
    isBusy: () => elapsedMs() < busyUntilMs,
    addSingleCalls: (count) => {
      singleCallsAtMs = [...singleCallsAtMs, ...Array<number>(count).fill(elapsedMs())].slice(-max);
    },
    singleCalls: () => {
      singleCallsAtMs = singleCallsAtMs.filter((atMs) => elapsedMs() - atMs < ttlMs);
      return singleCallsAtMs.length;
    },
  };
}
