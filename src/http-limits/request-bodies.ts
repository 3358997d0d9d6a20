import type { IncomingMessage, ServerResponse } from 'node:http';

/** The whole body; undefined if it is larger than `maxBytes`. The rest is not kept. */
export type ReadBody = (
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
) => Promise<Buffer | undefined>;

/** Few requests are longer. A short one is always read. */
const SHORT_BYTES = 16 * 1024;

/** The size of all longer bodies together until they are answered: 256 bodies of the default MAX_BODY_BYTES. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The minimum average size of pieces, after the first thousand. Network packets have 500 bytes or more. Chunks of one byte
 * (https://www.rfc-editor.org/rfc/rfc9112#section-7.1) take a hundred times their size in memory until they are read.
 */
const MIN_PIECE_BYTES = 128;
const ANY_PIECES = 1000;

type Upload = { request: IncomingMessage; bytes: number };

/**
 * Reads the bodies of requests. When the long ones take too much memory, the connection whose body is oldest is closed, so slow
 * senders cannot lock out others. A connection that sends a body in tiny pieces is closed, too.
 */
export function createBodyReader(): ReadBody {
  const unfinished = new Set<Upload>(); // the oldest first
  let total = 0;

  function add(upload: Upload, bytes: number): void {
    upload.bytes += bytes;
    total += bytes;
    for (const oldest of unfinished) {
      if (total <= MAX_BYTES) return;
      forget(oldest);
      oldest.request.socket.destroy();
    }
  }

  function forget(upload: Upload): void {
    unfinished.delete(upload);
    total -= upload.bytes;
    upload.bytes = 0;
  }

  return (request, response, maxBytes) => {
    const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
    const body = createGrowing();
    let length = 0;
    let pieces = 0;
    let upload: Upload | undefined;

    function keep(chunk: Buffer): void {
      body.append(chunk);
      if (upload) add(upload, chunk.length);
      else if (length > SHORT_BYTES) {
        const long = { request, bytes: 0 };
        upload = long;
        unfinished.add(long);
        response.once('close', () => forget(long));
        add(long, length);
      }
    }

    request
      .on('data', (chunk: Buffer) => {
        if (request.socket.destroyed) return; // Node still parses what it had read
        length += chunk.length;
        pieces += 1;
        if (pieces > ANY_PIECES + length / MIN_PIECE_BYTES) request.socket.destroy();
        else if (length <= maxBytes) keep(chunk);
        else resolve(undefined);
      })
      .on('end', () => {
        if (upload) unfinished.delete(upload);
        resolve(body.bytes());
      })
      .on('error', () => resolve(NOTHING)); // the client has left, so nobody sees the answer
    if (request.destroyed) resolve(NOTHING); // it had left before
    return promise;
  };
}

const NOTHING: Buffer = Buffer.alloc(0);

type Growing = { append(chunk: Buffer): void; bytes(): Buffer };

/** Appends all chunks to one buffer, because each buffer takes 400 bytes besides its content. A single chunk is not copied. */
function createGrowing(): Growing {
  let buffer = NOTHING;
  let length = 0;
  return {
    append(chunk) {
      const needed = length + chunk.length;
      if (length === 0) buffer = chunk;
      else {
        if (needed > buffer.length) buffer = Buffer.concat([buffer.subarray(0, length)], 2 * needed);
        chunk.copy(buffer, length);
      }
      length = needed;
    },
    bytes: () => buffer.subarray(0, length),
  };
}
