/** Calls `run` after this many milliseconds. */
export type Later = (run: () => void, ms: number) => void;

/** A deadline that can be extended. */
export type Deadline = {
  /** Restarts the full time from now on, even if the deadline has passed. */
  putOff(): void;
  /** Cancels the deadline. */
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
