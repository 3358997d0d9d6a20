import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { setImmediate as endOfTurn, setTimeout as wait } from 'node:timers/promises';

export type Listener = { url: string; stop(timeoutMs: number): Promise<void> };

/** Requests that were in flight when the listener closed arrive within this time. */
const QUIET_MS = 100;

/**
 * Starts to listen. `stop` accepts no new connection, and at most one more request on each open one. It resolves when all
 * requests are answered and none has come for a moment, or after `timeoutMs`. Node's own `close` waits for connections
 * without a request, which browsers open ahead, and drops connections that were just answered, although their next
 * request may be in flight. A request that cannot be parsed is answered with `textOfUnreadable`; Node's own answer has no body.
 */
export async function listen(
  server: Server | TlsServer,
  host: string,
  port: number,
  textOfUnreadable?: (error: Error) => string,
): Promise<Listener> {
  // The newest response of each connection is sent last (https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2). A map by
  // connection changes rarely; a set of all responses would keep them alive until V8's next major collection.
  const newest = new Map<Socket, ServerResponse>();
  const handshakes = socketsBeforeTls(server);
  server.prependListener('request', ({ socket }, response) => {
    response.shouldKeepAlive &&= server.listening;
    if (!newest.has(socket)) socket.once('close', () => newest.delete(socket));
    newest.set(socket, response);
  });
  if (textOfUnreadable)
    server.on('clientError', (error, stream) => {
      const socket = stream as Socket; // a TCP server's stream is one
      if (socket.writable && !isAnswering(newest.get(socket))) socket.write(textOfUnreadable(error));
      socket.destroy(error);
    });
  const unanswered = () => Array.from(newest.values()).filter(({ closed }) => !closed);
  server.listen(port, host);
  await once(server, 'listening');

  async function answerAll(): Promise<void> {
    for (const response of unanswered()) response.shouldKeepAlive = false;
    do {
      // Includes those that come meanwhile. Not by `once` of node:events, which rejects if a client aborts.
      await Promise.all(
        unanswered().map((response) => new Promise((resolve) => response.once('close', resolve))),
      );
      await wait(QUIET_MS);
      await endOfTurn(); // by now everything that has arrived was read, however busy the process is
    } while (unanswered().length > 0);
  }

  const { address, family, port: actual } = server.address() as AddressInfo;
  return {
    url: `${server instanceof TlsServer ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    stop: async (timeoutMs) => {
      const closed = once(server, 'close');
      NetServer.prototype.close.call(server); // not http's, see above
      const tooLate = new AbortController();
      const timer = setTimeout(() => tooLate.abort(), timeoutMs);
      await Promise.race([answerAll(), once(tooLate.signal, 'abort')]);
      clearTimeout(timer);
      server.closeAllConnections();
      for (const socket of handshakes) socket.destroy();
      await closed;
    },
  };
}

/** The connections of a TLS server that are not ready for requests; Node's HTTP does not know them. */
function socketsBeforeTls(server: Server | TlsServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  if (server instanceof TlsServer)
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  return sockets;
}

/**
 * Whether anything that is sent now would be taken for another answer: the newest request is complete, part of its response may be sent, or
 * another one comes first, since a response that waits for its turn has no socket.
 */
const isAnswering = (newest: ServerResponse | undefined): boolean =>
  newest !== undefined &&
  !newest.writableFinished &&
  (newest.req.complete || newest.headersSent || newest.socket === null);
