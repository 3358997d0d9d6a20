import { afterTurn, type Clock } from './clock.ts';

/** So long a request waits for the other replicas, in all. Redis usually takes a fiftieth of this to answer. */
export const PATIENCE_MS = 50;

/** What is left of the time for which a request waits for the other replicas. */
export type Patience = {
  leftMs(): number;
  /** Counts until the returned function is called; overlapping times count once. With `false` the time is not counted. */
  begin(): (isCounted?: boolean) => void;
  /** Waits for as long as is left, which is counted. */
  wait: Wait;
};

/** Waits for an answer. Undefined, after `onLate` was called, means that the request goes on without it. */
export type Wait = <R>(answer: Promise<R>, onLate?: () => void) => Promise<R | undefined>;

export function createPatience({ elapsedMs, later }: Pick<Clock, 'elapsedMs' | 'later'>): Patience {
  let leftMs = PATIENCE_MS;
  let waits = 0;
  let sinceMs = 0;
  let isAnyCounted = false;
  const patience: Patience = {
    leftMs: () => leftMs - (waits > 0 ? elapsedMs() - sinceMs : 0),
    begin: () => {
      if (waits === 0) {
        sinceMs = elapsedMs();
        isAnyCounted = false;
      }
      waits += 1;
      return (isCounted = true) => {
        waits -= 1;
        isAnyCounted ||= isCounted;
        if (waits === 0 && isAnyCounted) leftMs -= elapsedMs() - sinceMs;
      };
    },
    wait: async (answer, onLate) => waitingWith([patience], later)(answer, onLate),
  };
  return patience;
}

/** Waits for as long as the least patient of those who wait. Without any, it waits on. `isCounted` tells what the answer cost. */
export const waitingWith =
  (
    patiences: readonly Patience[],
    later: Clock['later'],
    isCounted: (answer: unknown) => boolean = () => true,
  ): Wait =>
  async (answer, onLate) => {
    if (patiences.length === 0) return answer;
    const leftMs = Math.min(...patiences.map((patience) => patience.leftMs()));
    const ends = patiences.map((patience) => patience.begin());
    const late = Promise.withResolvers<undefined>();
    const cancel = afterTurn(later)(
      () => {
        onLate?.();
        late.resolve(undefined);
      },
      Math.max(0, leftMs),
    );
    let isCost = true;
    try {
      const first = await Promise.race([answer, late.promise]);
      isCost = isCounted(first);
      return first;
    } finally {
      cancel();
      for (const end of ends) end(isCost);
    }
  };
