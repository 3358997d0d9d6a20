import { turns } from './sharing.ts';

/** A clock that stands still until `pass` lets it go on, with the timers that are due by then. */
export function createServiceClock() {
  let nowMs = 0;
  let timers: { atMs: number; run: () => void }[] = [];
  return {
    elapsedMs: () => nowMs,
    later: (run: () => void, ms: number) => {
      timers.push({ atMs: nowMs + ms, run });
    },
    pass: async (ms: number) => {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { run } of due) run();
      await turns();
    },
  };
}
