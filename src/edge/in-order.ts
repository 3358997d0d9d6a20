import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * So many requests of one connection wait for the answers before theirs. Hardly any client sends requests ahead, and those
 * that do send a few.
 */
const MAX_WAITING = 100;

type Connection = { isBusy: boolean; waiting: [IncomingMessage, ServerResponse][] };

/**
 * Begins a request once the answer before it on the same connection is out, which is the order in which they have to be
 * answered anyway (https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2). Node begins them all: a client that sends
 * without reading could have it keep any number of answers. A connection on which more than 100 wait is closed.
 */
export function inOrder(listener: RequestListener): RequestListener {
  const connections = new WeakMap<Socket, Connection>();

  function begin(connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    connection.isBusy = true;
    response.once('close', () => {
      connection.isBusy = false;
      if (request.socket.destroyed) connection.waiting.length = 0; // which somebody may still hold
      const next = connection.waiting.shift();
      if (next) begin(connection, ...next);
    });
    listener(request, response);
  }

  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return; // Node goes on with what it had read
    const connection = connections.get(socket) ?? { isBusy: false, waiting: [] };
    connections.set(socket, connection);
    if (!connection.isBusy) begin(connection, request, response);
    else if (connection.waiting.length < MAX_WAITING) connection.waiting.push([request, response]);
    else socket.destroy();
  };
}
