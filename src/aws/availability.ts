import type { CertwayError } from '../errors/errors.ts';

/** Why AWS does not answer somewhere, and since when. */
export type Unavailability = { code: string; message: string; since: Date };

/** Whether AWS answers in an account and region, judged by the latest reads there. */
export type Availability = {
  /** Undefined while AWS answers, and before it was asked. */
  current(): Unavailability | undefined;
  wentWell(): void;
  failed(error: CertwayError): void;
  /** The latest failure, while AWS does not answer: nobody who can do without an answer should wait for one. */
  failure(): CertwayError | undefined;
  /** Whether it is time to find out whether AWS answers again; not again before it is time once more. */
  isProbeDue(): boolean;
};

export type AvailabilityOptions = {
  now: () => Date;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Called with why when AWS stops answering, and when it says something else than before; without when it answers again. */
  onChange: (error?: CertwayError) => void;
};

/** The pause between the first failure and the first probe. Each probe doubles it. */
const FIRST_PAUSE_MS = 5000;
const MAX_PAUSE_MS = 60_000;

type Failing = { unavailability: Unavailability; error: CertwayError; probeAtMs: number; pauseMs: number };

export function createAvailability({ now, elapsedMs, onChange }: AvailabilityOptions): Availability {
  let known: Failing | undefined;
  return {
    current: () => known?.unavailability,
    wentWell: () => {
      if (!known) return;
      known = undefined;
      onChange();
    },
    failed: (error) => {
      const { code, message } = error;
      const isOther = known?.unavailability.code !== code;
      const since = known?.unavailability.since ?? now();
      const { pauseMs, probeAtMs } = known ?? {
        pauseMs: FIRST_PAUSE_MS,
        probeAtMs: elapsedMs() + FIRST_PAUSE_MS,
      };
      const unavailability = { code, message, since };
      known = { unavailability, error, pauseMs, probeAtMs };
      if (isOther) onChange(error);
    },
    failure: () => known?.error,
    isProbeDue: () => {
      if (!known || elapsedMs() < known.probeAtMs) return false;
      known.pauseMs = Math.min(2 * known.pauseMs, MAX_PAUSE_MS);
      known.probeAtMs = elapsedMs() + known.pauseMs;
      return true;
    },
  };
}
