import { createFairQueue } from '../collections/fair-queue.ts';
import type { Clock } from '../time/clock.ts';
import { timeIsOver } from './errors.ts';
import type { OperationEnd } from './operation-end.ts';

/**
 * Runs reads, at most so many at a time, and as many slow ones; the others wait, and clients take turns. None is run after the end of
 * its operation, if that is given.
 */
export type ParallelReads = <R>(
  client: string,
  read: () => Promise<R>,
  whenOver?: OperationEnd['whenOver'],
) => Promise<R>;

/**
 * A read that takes longer gives its turn to the next one, since it only waits: if AWS throttles or hangs in a tenth of 1,000
 * accounts, the others are not read later for it.
 */
const TURN_MS = 500;

export function createParallelReads(max: number, later: Clock['later']): ParallelReads {
  const waiting = createFairQueue<() => void>({
    max: Number.POSITIVE_INFINITY,
    maxOfClient: Number.POSITIVE_INFINITY,
  });
  let running = 0;
  let slow = 0;

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

  /** False if there are too many slow ones. */
  function becomeSlow(): boolean {
    if (slow >= max) return false;
    slow += 1;
    endTurn();
    return true;
  }

  return async (client, read, whenOver = () => () => undefined) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.add(client, resolve);
    startNext();
    const takeBack = whenOver(() => {
      waiting.delete(client, resolve);
      reject(timeIsOver());
    });
    await promise.finally(takeBack);
    let isSlow = false;
    const cancel = later(() => {
      isSlow = becomeSlow();
    }, TURN_MS);
    try {
      return await read();
    } finally {
      cancel();
      if (isSlow) slow -= 1;
      else endTurn();
    }
  };
}
