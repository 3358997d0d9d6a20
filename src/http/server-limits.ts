import { createServer, type RequestListener } from 'node:http';
import type { Config } from '../settings/config.ts';
import { type Listener, listen } from './listener.ts';
import { textOfUnreadable } from './unreadable.ts';

/** Listens, with the limits of the settings. Connections are closed `checkMs` after their timeout at the latest. */
export function listenWith(config: Config, checkMs: number, listener: RequestListener): Promise<Listener> {
  const server = createServer(
    {
      headersTimeout: config.HEADERS_TIMEOUT_MS,
      requestTimeout: config.HEADERS_TIMEOUT_MS + config.REQUEST_TIMEOUT_MS,
      keepAliveTimeout: config.IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: checkMs,
      requireHostHeader: false, // the HTTP pipeline reports a missing Host
    },
    listener,
  );
  // Node would refuse an unknown expectation, which may be ignored (https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.maxConnections = config.MAX_CONNECTIONS;
  server.timeout = config.REQUEST_TIMEOUT_MS + config.IDLE_TIMEOUT_MS; // on which nothing is read or written
  return listen(server, config.HOST, config.PORT, textOfUnreadable);
}
