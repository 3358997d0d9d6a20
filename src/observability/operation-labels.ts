import { createDoorkeeper } from '../collections/doorkeeper.ts';
import { ownText } from '../collections/own-text.ts';

/** The labels under which operations are counted. Clients choose the names. */
export type OperationLabels = {
  /** The operation's name, `anonymous` or `other`. One that a client calls so is `other`. `outcome` is remembered until the name is forgotten. */
  of(name: string | undefined, outcome: string): string;
};

export type OperationLabelsOptions = {
  /** Milliseconds of a monotonic clock. */
  elapsedMs: () => number;
  /** Called when a name is forgotten, for each outcome that was counted under it. */
  onForgotten: (name: string, outcome: string) => void;
};

/** The labels of what has no name, and of what has no label of its own. */
const ANONYMOUS = 'anonymous';
const OTHER = 'other';

const MAX_NAMES = 200;
const MAX_NAME_LENGTH = 100;
/** How long a name keeps its label without being used. */
const IDLE_MS = 60 * 60_000;

type Place = { label: string; usedAtMs: number; outcomes: Set<string> };

/**
 * A name gets a label of its own when it is seen for the second time, if there are fewer than 200 labels: each
 * label makes dozens of time series. So a name that is made up for one request never gets a label, and the
 * others lose theirs when they are no longer used.
 */
export function createOperationLabels({ elapsedMs, onForgotten }: OperationLabelsOptions): OperationLabels {
  const places = new Map<string, Place>();
  const admits = createDoorkeeper();

  function placeFor(name: string): Place | undefined {
    const isTaken = name === ANONYMOUS || name === OTHER;
    if (isTaken || name.length > MAX_NAME_LENGTH || !admits(name) || !hasRoom()) return undefined;
    return { label: ownText(name), usedAtMs: 0, outcomes: new Set() };
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
      if (name === undefined) return ANONYMOUS;
      const place = places.get(name) ?? placeFor(name);
      if (!place) return OTHER;
      place.usedAtMs = elapsedMs();
      place.outcomes.add(outcome);
      places.set(place.label, place);
      return place.label;
    },
  };
}
