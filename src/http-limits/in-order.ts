import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How many requests of one connection may wait for the responses before theirs. Few clients pipeline, and those send a few
 * requests ahead.
 */
const MAX_WAITING = 100;

/** The size of waiting requests, per connection and in all. */
const MAX_BYTES_OF_CONNECTION = 512 * 1024;
const MAX_BYTES = 32 * 1024 * 1024;

/** The memory that Node takes per waiting request, and per string in it. */
const REQUEST_BYTES = 4096;
const TEXT_BYTES = 32;

type Waiting = { request: IncomingMessage; response: ServerResponse; bytes: number };
type Connection = { isBusy: boolean; waiting: Waiting[]; bytes: number };

/**
 * Begins a request once the previous response on the same connection was sent, which is the order in which they must be
 * answered anyway (https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2). Node begins them all at once, so a client that sends
 * without reading could make it keep any number of responses. A connection on which too much waits is closed.
 */
export function inOrder(listener: RequestListener): RequestListener {
  const connections = new WeakMap<Socket, Connection>();
  let total = 0;

  function begin(connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request; // an iterator over the body takes it from the request
    connection.isBusy = true;
    response.on('close', () => {
      connection.isBusy = false;
      if (socket.destroyed) dropAll(connection); // a listener may still hold the connection
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
    if (socket.destroyed) return; // Node still parses what it had read
    const connection = connections.get(socket) ?? { isBusy: false, waiting: [], bytes: 0 };
    connections.set(socket, connection);
    if (connection.isBusy) wait(connection, request, response);
    else begin(connection, request, response);
  };
}

/** The size of a waiting request. That of a chunked body is unknown, and counts as too much. */
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
