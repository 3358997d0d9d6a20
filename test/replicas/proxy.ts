import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/**
 * What becomes of an answer of Redis: it is passed on, after `held` resolves, or replaced. Commands reach Redis after `heldThere` resolves.
 * With `latencyMs`, half of that passes on each way.
 */
export type Link = {
  held?: Promise<unknown> | undefined;
  heldThere?: Promise<unknown>;
  latencyMs?: number;
  rubbish?: string;
};

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
    const [there, back] = [oneWay(), oneWay()];
    client.on('data', (text) => {
      asked += text;
      there(link.latencyMs, async () => {
        await link.heldThere;
        redis.write(text);
      });
    });
    redis.on('data', (answer) =>
      back(link.latencyMs, async () => {
        await link.held;
        client.write(link.rubbish ?? answer);
      }),
    );
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

/** Runs one after the other what comes through one after the other, each after half of the latency. */
function oneWay() {
  let last: Promise<unknown> = Promise.resolve();
  return (latencyMs: number | undefined, run: () => unknown) => {
    const way = latencyMs === undefined ? undefined : wait(latencyMs / 2);
    last = last.then(async () => way).then(run);
  };
}
