import { nextTick } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import type { Plugin } from 'graphql-yoga';

export type TurnsOptions = {
  /** Whether a document has been parsed and validated before. */
  isKnown: (document: string) => boolean;
  elapsedMs: () => number;
};

/** For how long operations begin in one turn of the event loop. Kept answers and health checks wait for its end. */
const MAX_TURN_MS = 1;

/** New documents cost several times as much as known ones. A flood of them has a fifth of the time at the most. */
const PAUSE_AFTER_NEW = 4;

/** Nobody waits for longer than that, also where the process itself was held up during a turn. */
const MAX_PAUSE_MS = 20;

/**
 * Has operations begin one after the other, so that others get their share of the event loop however many come at once.
 * Of those that have the same new document one goes ahead, and the others know it then.
 */
export function useTurns({ isKnown, elapsedMs }: TurnsOptions): Plugin {
  const ofKnown = createTurns(elapsedMs, 0);
  const ofNew = createTurns(elapsedMs, PAUSE_AFTER_NEW);
  const ahead = new Map<string, Promise<void>>();

  async function goAhead(document: string): Promise<void> {
    const turn = ofNew();
    ahead.set(document, turn);
    await turn;
    ahead.delete(document);
  }

  return {
    onParams: async ({ params: { query = '' } }) => {
      if (!isKnown(query)) {
        const first = ahead.get(query);
        if (!first) return goAhead(query);
        await first;
      }
      return ofKnown();
    },
  };
}

/**
 * Who asks begins in the next turn of the event loop, unless that is long already. After a turn, while others wait, there
 * is a pause of `pauseFactor` times as long.
 */
export function createTurns(elapsedMs: () => number, pauseFactor: number): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) {
      await nextTurn();
      const beganAtMs = elapsedMs();
      do {
        waiting.shift()?.();
        await untilItWaits();
      } while (waiting.length > 0 && elapsedMs() - beganAtMs <= MAX_TURN_MS);
      const pauseMs = Math.min(pauseFactor * (elapsedMs() - beganAtMs), MAX_PAUSE_MS);
      if (waiting.length > 0 && pauseMs > 0) await wait(pauseMs);
    }
    isRunning = false;
  }

  return async () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (!isRunning) void run();
    });
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Node calls what is given to `nextTick` when no promise is left that could go on. */
const untilItWaits = () => new Promise<void>((resolve) => nextTick(resolve));
