import type { IncomingMessage, ServerResponse } from 'node:http';

/** All of the body; undefined where it is larger than that, and then no more of it is kept. */
export type ReadBody = (
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
) => Promise<Buffer | undefined>;

/** Hardly any request is longer. One that is not is read whatever others send. */
const SHORT_BYTES = 16 * 1024;

/** What all longer bodies may take together, until they are answered: 256 of the size that MAX_BODY_BYTES has by default. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * What pieces have to have on the average, after the first thousand. Those of a network have 500 bytes or more. Chunks of
 * one byte (https://www.rfc-editor.org/rfc/rfc9112#section-7.1) take a hundred times as much memory as they bring.
 */
const MIN_PIECE_BYTES = 128;
const ANY_PIECES = 1000;

type Upload = { request: IncomingMessage; bytes: number };

/**
 * Reads the bodies of requests. Where the long ones take too much, the connection is closed whose body has been on its way
 * for longest: to send slowly keeps no room from those who send. One with a body in tiny pieces is closed too.
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
    const chunks: Buffer[] = [];
    let length = 0;
    let pieces = 0;
    let upload: Upload | undefined;

    function keep(chunk: Buffer): void {
      chunks.push(chunk);
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
        if (request.socket.destroyed) return; // Node goes on with what it had read
        length += chunk.length;
        pieces += 1;
        if (pieces > ANY_PIECES + length / MIN_PIECE_BYTES) request.socket.destroy();
        else if (length <= maxBytes) keep(chunk);
        else resolve(undefined);
      })
      .on('end', () => {
        if (upload) unfinished.delete(upload);
        resolve(bytesOf(chunks));
      })
      .on('error', () => resolve(bytesOf([]))); // the client has gone, and nobody will see what is made of that
    if (request.destroyed) resolve(bytesOf([])); // and had gone before
    return promise;
  };
}

function bytesOf(chunks: Buffer[]): Buffer {
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks);
}
