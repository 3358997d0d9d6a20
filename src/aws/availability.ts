import type { CertwayError } from '../errors.ts';

/** Why AWS does not answer somewhere, and since when. */
export type Unavailability = { code: string; message: string; since: Date };

/** Whether AWS answers in an account and region, judged by the latest reads there. */
export type Availability = {
  /** Undefined while AWS answers, and before it was asked. */
  current(): Unavailability | undefined;
  wentWell(): void;
  failed(error: CertwayError): void;
  /**
   * The latest failure, where asking again would hardly help, since that was recent or someone else asks now. Undefined to
   * whoever is to ask.
   */
  reasonNotToAsk(): CertwayError | undefined;
};

export type AvailabilityOptions = {
  now: () => Date;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Called when AWS stops answering, with why, when it says something else than before, and when it answers again. */
  onChange: (unavailability: Unavailability | undefined) => void;
};

/** Who can do without an answer asks again this long after a failure, and only one of them. */
const PAUSE_MS = 5000;

export function createAvailability({ now, elapsedMs, onChange }: AvailabilityOptions): Availability {
  let known: { unavailability: Unavailability; error: CertwayError; atMs: number } | undefined;
  return {
    current: () => known?.unavailability,
    wentWell: () => {
      if (!known) return;
      known = undefined;
      onChange(undefined);
    },
    failed: (error) => {
      const { code, message } = error;
      const isOther = known?.unavailability.code !== code;
      const since = known?.unavailability.since ?? now();
      known = { unavailability: { code, message, since }, error, atMs: elapsedMs() };
      if (isOther) onChange(known.unavailability);
    },
    reasonNotToAsk: () => {
      if (!known) return undefined;
      if (elapsedMs() - known.atMs < PAUSE_MS) return known.error;
      known.atMs = elapsedMs();
      return undefined;
    },
  };
}
