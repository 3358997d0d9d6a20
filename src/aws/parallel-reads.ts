import type { Clock } from '../clock.ts';
import { createFairQueue } from '../fair-queue.ts';

/** Runs reads, at most so many at a time; the others wait, and clients take turns. */
export type ParallelReads = <R>(client: string, read: () => Promise<R>) => Promise<R>;

/**
 * A read that takes longer gives its turn to the next one, since it only waits: if AWS throttles or hangs in a tenth of 1,000
 * accounts, the others are not read later for it.
 */
const TURN_MS = 250;

export function createParallelReads(max: number, later: Clock['later']): ParallelReads {
  const waiting = createFairQueue<() => void>({
    max: Number.POSITIVE_INFINITY,
    maxOfClient: Number.POSITIVE_INFINITY,
  });
  let running = 0;

  function startNext(): void {
    const next = running < max ? waiting.next() : undefined;
    if (!next) return;
    waiting.charge(next.client, 1);
    running += 1;
    next.item();
  }

  function endTurn(): void {
    running -= 1;
    startNext();
  }

  return async (client, read) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.add(client, resolve);
    startNext();
    await promise;
    let isOver = false;
    const cancel = later(() => {
      isOver = true;
      endTurn();
    }, TURN_MS);
    try {
      return await read();
    } finally {
      cancel();
      if (!isOver) endTurn();
    }
  };
}
