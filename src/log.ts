import type { DestinationStream } from 'pino';

/** How many bytes are written at once, and how late a line may be. */
const BATCH_BYTES = 16_384;
const LATE_MS = 100;

/** UTF-8 takes up to three bytes for each unit of a string's length. */
const MAX_BYTES_A_UNIT = 3;

/** What takes bytes, and needs them no longer when `write` returns. */
export type Bytes = { write(bytes: Uint8Array): void };

/**
 * Hands lines on many at a time: one by one, to write them would take longer than to answer the requests that they are
 * about. They wait as bytes in one place: as strings, they would be most of what V8 has to collect. `flush` hands on what
 * is left, for the end of the process.
 */
export function inBatches(destination: Bytes): DestinationStream & { flush(): void } {
  const batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  let length = 0;
  function flush(): void {
    const end = length;
    length = 0;
    if (end > 0) destination.write(batch.subarray(0, end));
  }
  setInterval(flush, LATE_MS).unref();
  return {
    flush,
    write: (line) => {
      const atMost = MAX_BYTES_A_UNIT * line.length;
      if (atMost > BATCH_BYTES - length) flush();
      if (atMost > BATCH_BYTES) destination.write(Buffer.from(line));
      else length += batch.write(line, length);
    },
  };
}
