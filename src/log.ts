import type { Writable } from 'node:stream';
import type { DestinationStream } from 'pino';

/** How many bytes are written at once, and how late a line may be. */
const BATCH_BYTES = 16_384;
const LATE_MS = 100;

/** UTF-8 takes up to three bytes for each unit of a string's length. */
const MAX_BYTES_A_UNIT = 3;

/** So much waits for a reader that is slow; what comes then is dropped. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/**
 * Hands lines on many at a time: one by one, to write them would take longer than to answer the requests that they are
 * about. They wait as bytes in one place: as strings, they would be most of what V8 has to collect. Nobody waits for a
 * reader: where it is far behind, lines are dropped, and a line says how many. `flush` hands on what is left, for the
 * end of the process.
 */
export function inBatches(stream: Writable): DestinationStream & { flush(): void } {
  let batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  let length = 0;
  let dropped = 0;

  function flush(): void {
    if (length === 0) return;
    stream.write(batch.subarray(0, length));
    length = 0;
    if (stream.writableLength > 0) batch = Buffer.allocUnsafeSlow(BATCH_BYTES); // it still has the other
  }

  function add(line: string): void {
    const atMost = MAX_BYTES_A_UNIT * line.length;
    if (atMost > BATCH_BYTES - length) flush();
    if (atMost > BATCH_BYTES) stream.write(line);
    else length += batch.write(line, length);
  }

  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error; // nobody reads it any more, which is no reason to end
  });
  setInterval(flush, LATE_MS).unref();
  return {
    flush,
    write: (line) => {
      if (stream.writableLength > MAX_WAITING_BYTES) {
        dropped += 1;
        return;
      }
      if (dropped > 0)
        add(`${JSON.stringify({ level: 40, time: Date.now(), dropped, msg: 'lines were dropped' })}\n`);
      dropped = 0;
      add(line);
    },
  };
}
