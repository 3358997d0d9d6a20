import { setImmediate as endOfTurn } from 'node:timers/promises';

/** Resolves once earlier requests have come as far as they can without AWS. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await endOfTurn();
}

/** A clock that stands still until `pass` moves it; timers that are due then run before `pass` returns. */
export function createServiceClock() {
  let nowMs = 1_000_000;
  const timers = new Set<{ atMs: number; ms: number; run: () => void }>();
  return {
    elapsedMs: () => nowMs,
    /** Those that have not run yet. */
    timers: () => Array.from(timers),
    later: (run: () => void, ms: number) => {
      const timer = { atMs: nowMs + ms, ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass: async (ms: number) => {
      nowMs += ms;
      const due = Array.from(timers)
        .filter(({ atMs }) => atMs <= nowMs)
        .sort((a, b) => a.atMs - b.atMs);
      for (const timer of due) if (timers.delete(timer)) timer.run();
      await turns();
    },
  };
}

/** For code that waits between rounds of its work: `next` ends the wait, and resolves once the code waits again. */
export function createRounds() {
  let waiting = Promise.withResolvers<void>();
  let end = () => {};
  return {
    wait: async (ms: number): Promise<void> => {
      if (ms === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      end = resolve;
      waiting.resolve();
      await promise;
    },
    /** Resolves once the first round is over. */
    first: async () => waiting.promise,
    next: async () => {
      await waiting.promise;
      waiting = Promise.withResolvers();
      end();
      await waiting.promise;
    },
  };
}
