/** The recent demand for a collection, by which the way to read it is chosen. */
export type Demand = {
  /** Notes that several things were wanted at once, and probably will be again when the answers are too old. */
  beBusy(): void;
  isBusy(): boolean;
  /** Notes calls for single things. */
  addSingleCalls(count: number): void;
  /** The number of such calls within the TTL, at most `max`. */
  singleCalls(): number;
};

export type DemandOptions = { ttlMs: number; max: number; elapsedMs: () => number };

/** A busy time lasts two TTLs: things that were wanted at once are wanted again after the first one. */
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
