import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { setImmediate as endOfTurn, setTimeout as wait } from 'node:timers/promises';

export type Listener = { url: string; stop(timeoutMs: number): Promise<void> };

/** Requests that were on their way when the listener closed have arrived by then. */
const QUIET_MS = 100;

/**
 * Starts to listen. `stop` takes no new connection, and at most one more request on each that there is; it resolves
 * when all are answered and no other came for a moment, or `timeoutMs` are over. Node's own `close` would wait for
 * connections on which nothing has been asked, such as browsers open ahead, and drop those that it has just answered
 * on, though their next request may be on its way. Whoever sends what cannot be read gets `textOfUnreadable`, else
 * what Node says to that, which has no body.
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
  textOfUnreadable?: (error: Error) => string,
): Promise<Listener> {
  // The newest on each connection, which is answered last (https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2). What
  // was in a Set that changed with every request, V8 would keep until it collects its old objects.
  const newest = new Map<Socket, ServerResponse>();
  server.prependListener('request', ({ socket }, response) => {
    response.shouldKeepAlive &&= server.listening;
    if (!newest.has(socket)) socket.once('close', () => newest.delete(socket));
    newest.set(socket, response);
  });
  if (textOfUnreadable)
    server.on('clientError', (error, stream) => {
      const socket = stream as Socket; // so it is of a server of sockets
      if (socket.writable && !isAnswering(newest.get(socket))) socket.write(textOfUnreadable(error));
      socket.destroy(error);
    });
  const unanswered = () => Array.from(newest.values()).filter(({ closed }) => !closed);
  server.listen(port, host);
  await once(server, 'listening');

  async function answerAll(): Promise<void> {
    for (const response of unanswered()) response.shouldKeepAlive = false;
    do {
      // And those that come meanwhile. Not by `once` of node:events, which rejects where a client breaks off.
      await Promise.all(
        unanswered().map((response) => new Promise((resolve) => response.once('close', resolve))),
      );
      await wait(QUIET_MS);
      await endOfTurn(); // by now, what has arrived is read, however busy the process is
    } while (unanswered().length > 0);
  }

  const { address, family, port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    stop: async (timeoutMs) => {
      const closed = once(server, 'close');
      NetServer.prototype.close.call(server); // not http's, as said above
      const tooLate = new AbortController();
      const timer = setTimeout(() => tooLate.abort(), timeoutMs);
      await Promise.race([answerAll(), once(tooLate.signal, 'abort')]);
      clearTimeout(timer);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Whether part of an answer may be out, or another may be before it: of those that wait for their turn, none has a socket. */
const isAnswering = (newest: ServerResponse | undefined): boolean =>
  newest !== undefined && !newest.writableFinished && (newest.socket === null || newest.headersSent);
