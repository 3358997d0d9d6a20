import type { Waiter } from './in-flight.ts';
import { isPartOfAll, keyOf, type Want } from './question.ts';

export type ReadQueueOptions<T> = {
  /** Whether a read is under way whose end the others wait for. */
  isReading: () => boolean;
  /** Answers a waiter with what has become known since it asked, where there is something. */
  reuse: (waiter: Waiter<T>) => boolean;
  /** Begins a read for these waiters, which is given up where there are more than `maxPages`. */
  start: (want: Want, waiters: Waiter<T>[], maxPages: number) => void;
  /** How many calls it takes to read everything, as far as has been seen. */
  pagesOfAll: () => number;
  /** More pages than that are never read for the whole collection. */
  maxPages: number;
  /** For how long an answer is used again. Times are busy for twice as long once they were. */
  ttlMs: number;
  elapsedMs: () => number;
};

/** Those who wait for the next read. */
export type ReadQueue<T> = {
  add(waiter: Waiter<T>): void;
  /** Has those who wait read at the end of this turn of the event loop, when all of it have said what they want. */
  schedule(): void;
  /** Where several things were wanted at once, they will be again when what is known of them is too old. */
  beBusy(): void;
};

/**
 * Who comes while a read is under way waits until it has ended, or is overdue. What they want then becomes one read
 * of everything, where that takes no more calls than to read each thing by itself; one thing alone does so in busy
 * times, and where more calls than that takes were made for things alone within `ttlMs`.
 */
export function createReadQueue<T>(options: ReadQueueOptions<T>): ReadQueue<T> {
  const { isReading, reuse, start, pagesOfAll, maxPages, ttlMs, elapsedMs } = options;
  let queue: Waiter<T>[] = [];
  let isScheduled = false;
  let isBusyUntilMs = Number.NEGATIVE_INFINITY;
  /** When calls for things alone were made, the latest ones. */
  let alone: number[] = [];

  function beBusy(): void {
    isBusyUntilMs = elapsedMs() + 2 * ttlMs;
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      dispatch();
    });
  }

  function dispatch(): void {
    if (isReading()) return;
    const waiting = queue.filter((waiter) => !waiter.isDone && !reuse(waiter));
    queue = [];
    const gathered = waiting.filter(({ want }) => isPartOfAll(want));
    const size = new Set(gathered.map(({ want }) => keyOf(want))).size;
    alone = alone.filter((atMs) => elapsedMs() - atMs < ttlMs);
    const isAllSpent = size > 0 && alone.length > pagesOfAll();
    if (size > 1 || isAllSpent) beBusy();
    const isWorthAll = size >= pagesOfAll() && (size > 1 || elapsedMs() < isBusyUntilMs);
    if (gathered.some(({ want }) => want.kind === 'all')) start({ kind: 'all' }, gathered, maxPages);
    else if (isWorthAll || isAllSpent)
      start({ kind: 'all' }, gathered, Math.min(Math.max(size, alone.length), maxPages));
    else {
      startEach(gathered);
      alone = [...alone, ...Array<number>(size).fill(elapsedMs())].slice(-maxPages);
    }
    startEach(waiting.filter(({ want }) => !isPartOfAll(want)));
  }

  function startEach(waiting: Waiter<T>[]): void {
    for (const [first, ...others] of Map.groupBy(waiting, ({ want }) => keyOf(want)).values())
      if (first) start(first.want, [first, ...others], 1);
  }

  return {
    add: (waiter) => {
      queue.push(waiter);
      schedule();
    },
    schedule,
    beBusy,
  };
}
