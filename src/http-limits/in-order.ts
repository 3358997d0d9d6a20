import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * So many requests of one connection wait for the answers before theirs. Hardly any client sends requests ahead, and those
 * that do send a few.
 */
const MAX_WAITING = 100;

/** What they take, in one connection and in all. */
const MAX_BYTES_OF_CONNECTION = 512 * 1024;
const MAX_BYTES = 32 * 1024 * 1024;

/** What Node keeps of a request besides its texts. */
const REQUEST_BYTES = 4096;
const TEXT_BYTES = 32;

type Waiting = { request: IncomingMessage; response: ServerResponse; bytes: number };
type Connection = { isBusy: boolean; waiting: Waiting[]; bytes: number };

/**
 * Begins a request once the answer before it on the same connection is out, which is the order in which they have to be
 * answered anyway (https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2). Node begins them all: a client that sends
 * without reading could have it keep any number of answers. A connection on which too much waits is closed.
 */
export function inOrder(listener: RequestListener): RequestListener {
  const connections = new WeakMap<Socket, Connection>();
  let total = 0;

  function begin(connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request; // which the request loses once its body has been read by an iterator
    connection.isBusy = true;
    response.once('close', () => {
      connection.isBusy = false;
      if (socket.destroyed) dropAll(connection); // which somebody may still hold
      const waiting = next(connection);
      if (waiting) begin(connection, waiting.request, waiting.response);
    });
    listener(request, response);
  }

  function next(connection: Connection): Waiting | undefined {
    const waiting = connection.waiting.shift();
    const { bytes = 0 } = waiting ?? {};
    connection.bytes -= bytes;
    total -= bytes;
    return waiting;
  }

  function dropAll(connection: Connection): void {
    total -= connection.bytes;
    connection.bytes = 0;
    connection.waiting.length = 0;
  }

  function wait(connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    const bytes = bytesOf(request);
    connection.bytes += bytes;
    total += bytes;
    connection.waiting.push({ request, response, bytes });
    const isTooMuch =
      connection.waiting.length > MAX_WAITING ||
      connection.bytes > MAX_BYTES_OF_CONNECTION ||
      total > MAX_BYTES;
    if (isTooMuch) request.socket.destroy();
  }

  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return; // Node goes on with what it had read
    const connection = connections.get(socket) ?? { isBusy: false, waiting: [], bytes: 0 };
    connections.set(socket, connection);
    if (connection.isBusy) wait(connection, request, response);
    else begin(connection, request, response);
  };
}

/** What a request takes while nobody reads its body. Of one in chunks nobody knows: it is too much. */
function bytesOf({ url = '', rawHeaders }: IncomingMessage): number {
  let bytes = REQUEST_BYTES + url.length;
  for (const [i, text] of rawHeaders.entries()) {
    bytes += TEXT_BYTES + text.length;
    if (i % 2 === 1) bytes += bytesOfBody(rawHeaders[i - 1]?.toLowerCase(), text);
  }
  return bytes;
}

function bytesOfBody(name: string | undefined, value: string): number {
  if (name === 'content-length') return Number(value);
  return name === 'transfer-encoding' ? MAX_BYTES_OF_CONNECTION : 0;
}
