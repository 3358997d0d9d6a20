import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { setImmediate as endOfTurn, setTimeout as wait } from 'node:timers/promises';

export type Listener = { url: string; stop(timeoutMs: number): Promise<void> };

/** Requests that were on their way when the listener closed have arrived by then. */
const QUIET_MS = 100;

/**
 * Starts to listen. `stop` takes no new connection, and at most one more request on each that there is; it resolves
 * when all are answered and no other came for a moment, or `timeoutMs` are over. Node's own `close` would wait for
 * connections on which nothing has been asked, such as browsers open ahead, and drop those that it has just answered
 * on, though their next request may be on its way.
 */
export async function listen(server: Server, host: string, port: number): Promise<Listener> {
  const unanswered = new Set<ServerResponse>();
  server.prependListener('request', (_, response) => {
    response.shouldKeepAlive &&= server.listening;
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
  });
  server.listen(port, host);
  await once(server, 'listening');

  async function answerAll(): Promise<void> {
    for (const response of unanswered) response.shouldKeepAlive = false;
    do {
      // And those that come meanwhile. Not by `once`, which rejects where a client breaks off.
      for (const response of unanswered) await new Promise((resolve) => response.once('close', resolve));
      await wait(QUIET_MS);
      await endOfTurn(); // by now, what has arrived is read, however busy the process is
    } while (unanswered.size > 0);
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
