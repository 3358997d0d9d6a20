/** Where lines are written, many at a time: a stream such as `process.stdout`, or a file. */
export type Output = {
  /** `done` is called with the error where not all was written, and with how many lines were not, where that is known. */
  write(bytes: Uint8Array, done: (error?: Error | null, lost?: number) => void): unknown;
  /** How many bytes wait for a reader. */
  readonly writableLength: number;
};

const NEWLINE = 10;

/**
 * A file, given what writes to it and says how much of it was written (`fs.writeSync`). A disk that becomes full takes
 * the first part of what it gets and says so; Node's own `process.stdout` does not look at that, and loses the rest. A
 * line that was cut is ended before the next begins.
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

/** How many lines end there. */
const linesIn = (bytes: Uint8Array) => bytes.reduce((count, byte) => count + Number(byte === NEWLINE), 0);
