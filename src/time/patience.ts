import { afterTurn, type Clock } from './clock.ts';

/** So long a request waits for the other replicas, in all. Redis usually takes a fiftieth of this to answer. */
export const PATIENCE_MS = 45;

/** What is left after that, until something comes too late: a process that is busy is not taken for a slow Redis. */
const LAST_MS = 5;

export type Outcome = 'answered' | 'busy' | 'late';

/** What is left of the time for which a request waits for the other replicas. */
export type Patience = {
  leftMs(): number;
  /** Counts until the returned function is called; overlapping times count once. `busy`: another replica was waited for. */
  begin(): (outcome?: Outcome) => void;
  /** Waits for as long as is left, which is counted. */
  wait: Wait;
};

/** Waits for an answer. Undefined, after `onLate` was called, means that the request goes on without it. */
export type Wait = <R>(answer: Promise<R>, onLate?: () => void) => Promise<R | undefined>;

/** Of one who has waited for so long already. */
export function createPatience(
  { elapsedMs, later }: Pick<Clock, 'elapsedMs' | 'later'>,
  waitedMs = 0,
): Patience {
  let leftMs = PATIENCE_MS - waitedMs;
  let waits = 0;
  let sinceMs = 0;
  let isCounted = false;
  let isLate = false;
  const patience: Patience = {
    leftMs: () => (isLate ? 0 : Math.max(LAST_MS, leftMs - (waits > 0 ? elapsedMs() - sinceMs : 0))),
    begin: () => {
      if (waits === 0) {
        sinceMs = elapsedMs();
        isCounted = false;
      }
      waits += 1;
      return (outcome = 'answered') => {
        waits -= 1;
        isCounted ||= outcome !== 'busy';
        isLate ||= outcome === 'late';
        if (waits === 0 && isCounted) leftMs -= elapsedMs() - sinceMs;
      };
    },
    wait: async (answer, onLate) => waitingWith([patience], later)(answer, onLate),
  };
  return patience;
}

/** Waits for as long as the least patient of those who wait. Without any, it waits on. */
export const waitingWith =
  (
    patiences: readonly Patience[],
    later: Clock['later'],
    isBusy: (answer: unknown) => boolean = () => false,
  ): Wait =>
  async (answer, onLate) => {
    if (patiences.length === 0) return answer;
    const leftMs = Math.min(...patiences.map((patience) => patience.leftMs()));
    const ends = patiences.map((patience) => patience.begin());
    let outcome: Outcome = 'answered';
    const late = Promise.withResolvers<undefined>();
    const cancel = afterTurn(later)(
      () => {
        outcome = 'late';
        onLate?.();
        late.resolve(undefined);
      },
      Math.max(0, leftMs),
    );
    try {
      const first = await Promise.race([answer, late.promise]);
      if (isBusy(first)) outcome = 'busy';
      return first;
    } finally {
      cancel();
      for (const end of ends) end(outcome);
    }
  };
