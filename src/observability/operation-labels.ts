import { createDoorkeeper } from '../doorkeeper.ts';

/** The labels under which operations are counted. Their names come from clients. */
export type OperationLabels = {
  /** Its name, `anonymous`, or `other`. `outcome` is remembered for when the name is forgotten. */
  of(name: string | undefined, outcome: string): string;
};

export type OperationLabelsOptions = {
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Called for each outcome that was counted under a name which has lost its place. */
  onForgotten: (name: string, outcome: string) => void;
};

const MAX_NAMES = 200;
const MAX_NAME_LENGTH = 100;
/** For so long a name keeps its place although it does not come. */
const IDLE_MS = 60 * 60_000;
/** Names that came once. */
const MAX_FIRST_BYTES = 1024 * 1024;

type Place = { usedAtMs: number; outcomes: Set<string> };

/**
 * A name has a label of its own from the second time on, while there are fewer than 200: each is some dozens of time
 * series. So names that are made up for each request take no place, and those that are sent twice only while they come.
 */
export function createOperationLabels({ elapsedMs, onForgotten }: OperationLabelsOptions): OperationLabels {
  const places = new Map<string, Place>();
  const admits = createDoorkeeper(MAX_FIRST_BYTES);

  function placeFor(name: string): Place | undefined {
    if (name.length > MAX_NAME_LENGTH || !admits(name) || !hasRoom()) return undefined;
    return { usedAtMs: 0, outcomes: new Set() };
  }

  function hasRoom(): boolean {
    if (places.size < MAX_NAMES) return true;
    for (const [name, { usedAtMs, outcomes }] of places) {
      if (elapsedMs() - usedAtMs < IDLE_MS) continue;
      places.delete(name);
      for (const outcome of outcomes) onForgotten(name, outcome);
      return true;
    }
    return false;
  }

  return {
    of(name, outcome) {
      if (name === undefined) return 'anonymous';
      const place = places.get(name) ?? placeFor(name);
      if (!place) return 'other';
      place.usedAtMs = elapsedMs();
      place.outcomes.add(outcome);
      places.set(name, place);
      return name;
    },
  };
}
