/** Where batches of lines are written: a stream such as `process.stdout`, or a file. */
export type Output = {
  /** Calls `done` with an error if not all was written, and with the number of lines lost, if that is known. */
  write(bytes: Uint8Array, done: (error?: Error | null, lost?: number) => void): unknown;
  /** How many bytes wait for a reader. */
  readonly writableLength: number;
};

const NEWLINE = 10;

/**
 * A file, given a function that writes to it and returns how many bytes it wrote (`fs.writeSync`). When the
 * disk becomes full, only a part of the bytes is written; Node's own `process.stdout` ignores that and loses
 * the rest. A line that was cut off is ended before the next one begins.
 */
export function createFileOutput(write: (bytes: Uint8Array) => number): Output {
  let isCut = false;

  function writeSome(bytes: Uint8Array): number {
    const length = write(bytes);
    if (length === 0) throw new Error('nothing was written');
    return length;
  }

  return {
    writableLength: 0,
    write(bytes, done) {
      let at = 0;
      try {
        if (isCut) writeSome(Buffer.of(NEWLINE));
        isCut = false;
        while (at < bytes.length) {
          at += writeSome(bytes.subarray(at));
          isCut = bytes[at - 1] !== NEWLINE;
        }
      } catch (error) {
        return done(error as Error, linesIn(bytes.subarray(at)));
      }
      done();
    },
  };
}

/** The number of lines that end in these bytes. */
const linesIn = (bytes: Uint8Array) => bytes.reduce((count, byte) => count + Number(byte === NEWLINE), 0);
