import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** What becomes of an answer of Redis: it is passed on, after `held` resolves or `heldMs` are over, or replaced. */
export type Link = { held?: Promise<unknown>; heldMs?: number; rubbish?: string };

/** A TCP link to the Redis on a Unix socket, which the test can make slow or wrong. */
export async function startProxy(path: string) {
  let link: Link = {};
  let asked = '';
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = connect(path);
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        redis.destroy();
      });
    }
    client.pipe(redis);
    client.on('data', (text) => {
      asked += text;
    });
    redis.on('data', async (answer) => {
      await link.held;
      if (link.heldMs !== undefined) await wait(link.heldMs);
      client.write(link.rubbish ?? answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How many connections there are from one side. */
    connections: () => sockets.size / 2,
    /** All commands so far. */
    asked: () => asked,
    be: (next: Link) => {
      link = next;
    },
  };
}
