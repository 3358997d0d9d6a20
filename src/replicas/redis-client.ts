import type { Connection } from './redis.ts';

/** `isCluster`: whether the server is one of many that have the keys among them. */
export type RedisAddress = { url: string; isCluster: boolean };

/** How long a connection may take, before TLS and authentication. */
const CONNECT_TIMEOUT_MS = 2000;

/** Commands that wait to be sent or answered; each of them has a deadline of its own. */
const MAX_COMMANDS = 10_000;

/**
 * Without the client's own reconnecting: after an answer that it cannot read it keeps the connection, on which answers and
 * questions do not belong together any more. RESP 2, because Redis 5 has no HELLO.
 */
const options = () => ({
  RESP: 2 as const,
  disableOfflineQueue: true,
  disableClientInfo: true,
  commandsQueueMaxLength: MAX_COMMANDS,
  socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false as const },
});

/** Begins to connect. */
export async function connectTo(
  { url, isCluster }: RedisAddress,
  onError: (error: unknown) => void,
): Promise<Connection> {
  const { createClient, createCluster } = await import('@redis/client');
  if (isCluster) {
    const { username, password } = new URL(url);
    const account = {
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
    };
    const { socket, RESP, ...others } = options();
    const isSecure = url.startsWith('rediss:'); // the other nodes do not get it from the URL
    const defaults = {
      ...others,
      ...account,
      socket: { ...socket, ...(isSecure && { tls: true as const }) },
    };
    const socketTimeout = CONNECT_TIMEOUT_MS; // the server that is asked for the others may hang
    const rootNodes = [{ url, socket: { socketTimeout } }];
    let isOver = false;
    /** A question for the servers that is under way goes on after `destroy`, and its answer would connect to all of them. */
    function nodeAddressMap(): undefined {
      if (isOver) throw new Error('the connection was given up');
    }
    const cluster = createCluster({ RESP, rootNodes, defaults, nodeAddressMap }); // it does not take RESP from the defaults
    let reason: unknown; // it rejects with no more than that there is no server to ask
    cluster.on('error', (error) => {
      reason = error;
      onError(error);
    });
    const ready = cluster.connect().catch((error) => {
      throw reason ?? error;
    });
    return {
      ready,
      send: ({ key, args }) => cluster.sendCommand(key, false, [...args]),
      destroy: () => {
        isOver = true;
        const clients = cluster.masters.flatMap(({ client }) => client ?? []);
        cluster.on('node-connect', () => {
          for (const client of clients) client.destroy(); // what has begun to connect goes on after the first time
        });
        cluster.destroy();
        ready.catch(() => undefined);
      },
    };
  }
  const client = createClient({ ...options(), url });
  client.on('error', onError);
  return {
    ready: client.connect(),
    send: ({ args }) => client.sendCommand(args),
    destroy: () => client.destroy(),
  };
}
