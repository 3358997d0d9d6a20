import { performance } from 'node:perf_hooks';
import { nextTick } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ServerContext } from './operation.ts';

export type TurnsOptions = {
  /** Whether a document has been parsed and validated before. */
  isKnown: (document: string) => boolean;
  elapsedMs: () => number;
};

/** For how long operations begin in one turn of the event loop. Kept answers and health checks wait for its end. */
const MAX_TURN_MS = 1;

/**
 * New documents cost several times as much as known ones. While others have use for the time, a flood of them gets a fifth
 * of it.
 */
const PAUSE_AFTER_NEW = 4;

/** One pause is no longer than that, also where the process itself was held up during a turn. */
const MAX_PAUSE_MS = 20;

/** A pause is over where others made use of less than this part of a millisecond of it. */
const IN_USE = 0.5;

/** Has operations begin one after the other, so that others get their share of the event loop however many come at once. */
export function useTurns({ isKnown, elapsedMs }: TurnsOptions): Plugin<Record<never, never>, ServerContext> {
  const ofKnown = createTurns(elapsedMs, 0);
  const ofNew = createTurns(elapsedMs, PAUSE_AFTER_NEW);
  return {
    onParams: async ({ params: { query = '' }, context: { exchange } }) => {
      if (!isKnown(query)) {
        await ofNew();
        if (exchange.arrival.gone().aborted) throw gone();
        if (!isKnown(query)) return;
      }
      return ofKnown();
    },
  };
}

/** For the log, in which it is as if the client had gone while AWS was asked. */
const gone = () => new GraphQLError('The client has gone.', { extensions: { code: 'UPSTREAM_TIMEOUT' } });

/**
 * Who asks begins in the next turn of the event loop, unless that is long already. After a turn, while others wait, there
 * is a pause of `pauseFactor` times as long, if others make use of it.
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
      await pause(Math.min(pauseFactor * (elapsedMs() - beganAtMs), MAX_PAUSE_MS));
    }
    isRunning = false;
  }

  /** As long as others make use of it. */
  async function pause(ms: number): Promise<void> {
    for (let leftMs = ms; waiting.length > 0 && leftMs > 0; leftMs -= 1) {
      const before = performance.eventLoopUtilization();
      await wait(Math.min(leftMs, 1));
      if (performance.eventLoopUtilization(before).utilization < IN_USE) return;
    }
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
