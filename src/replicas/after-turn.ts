import type { Clock } from '../clock.ts';

/** Runs what is late after the answers that have come already, which a busy process has not read yet. */
export const afterTurn =
  (later: Clock['later']): Clock['later'] =>
  (run, ms) => {
    let isCancelled = false;
    const cancel = later(() => setImmediate(() => isCancelled || run()), ms);
    return () => {
      isCancelled = true;
      cancel();
    };
  };
