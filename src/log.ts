import type { DestinationStream } from 'pino';

/** How many characters are written at once, and how late a line may be. */
const BATCH_LENGTH = 8192;
const LATE_MS = 100;

/**
 * Hands lines on many at a time: one by one, to write them would take longer than to answer the requests that they are
 * about. `flush` hands on what is left, for the end of the process.
 */
export function inBatches(destination: DestinationStream): DestinationStream & { flush(): void } {
  let batch = '';
  function flush(): void {
    if (batch !== '') destination.write(batch);
    batch = '';
  }
  setInterval(flush, LATE_MS).unref();
  return {
    flush,
    write: (line) => {
      batch += line;
      if (batch.length >= BATCH_LENGTH) flush();
    },
  };
}
