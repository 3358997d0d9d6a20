import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Logger } from 'pino';
import type { Config } from '../settings/config.ts';
import type { Clock } from '../time/clock.ts';
import { type Listener, listen } from './listener.ts';
import { readTls } from './tls.ts';
import type { TlsConnections } from './tls-connections.ts';
import { textOfUnreadable } from './unreadable.ts';

export type ListenOptions = {
  config: Config;
  /** Connections are closed this long after their timeout at the latest. */
  checkMs: number;
  log: Logger;
  clock: Pick<Clock, 'every'>;
};

/** Listens, with the limits of the settings, and with TLS if they say so. */
export async function listenWith(
  { config, checkMs, log, clock: { every } }: ListenOptions,
  { listener, connections }: { listener: RequestListener; connections: TlsConnections },
): Promise<Listener> {
  const limits = {
    headersTimeout: config.HEADERS_TIMEOUT_MS,
    requestTimeout: config.HEADERS_TIMEOUT_MS + config.REQUEST_TIMEOUT_MS,
    keepAliveTimeout: config.IDLE_TIMEOUT_MS,
    connectionsCheckingInterval: checkMs,
    requireHostHeader: false, // the HTTP pipeline reports a missing Host
  };
  const tls = readTls(config);
  const secure =
    tls &&
    createTlsServer({ ...limits, ...tls.options, handshakeTimeout: config.HEADERS_TIMEOUT_MS }, listener);
  if (secure) tls.follow(secure, { log, every, connections });
  const server = secure ?? createServer(limits, listener);
  // Node would refuse an unknown expectation, which may be ignored (https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.maxConnections = config.MAX_CONNECTIONS;
  server.timeout = config.REQUEST_TIMEOUT_MS + config.IDLE_TIMEOUT_MS; // on which nothing is read or written
  return listen(server, config.HOST, config.PORT, textOfUnreadable);
}
