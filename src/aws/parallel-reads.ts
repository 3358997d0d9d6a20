import { createFairQueue } from '../fair-queue.ts';

/** Runs reads, at most so many at a time; the others wait, and clients take turns. */
export type ParallelReads = <R>(client: string, read: () => Promise<R>) => Promise<R>;

export function createParallelReads(max: number): ParallelReads {
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

  return async (client, read) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.add(client, resolve);
    startNext();
    await promise;
    try {
      return await read();
    } finally {
      running -= 1;
      startNext();
    }
  };
}
