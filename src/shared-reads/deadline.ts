/** Calls `run` after so many milliseconds. */
export type Later = (run: () => void, ms: number) => void;

/** A moment that can be put off. */
export type Deadline = {
  /** It passes so many milliseconds from now on, and not before, even where it has passed already. */
  putOff(): void;
  /** It does not pass any more. */
  stop(): void;
};

/** Calls `run` when the deadline passes. */
export function createDeadline(later: Later, ms: number, run: () => void): Deadline {
  let version = 0;
  function putOff(): void {
    version += 1;
    const own = version;
    later(() => {
      if (own === version) run();
    }, ms);
  }
  putOff();
  return {
    putOff,
    stop: () => {
      version += 1;
    },
  };
}
