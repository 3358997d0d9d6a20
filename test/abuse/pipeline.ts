import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { open } from './connections.ts';

const CHUNK_BYTES = 32 * 1024;

/** Sends pipelined requests as fast as they are accepted, reopens closed connections, and reads nothing. */
export async function pipeline(url: string, clients: number, request: string, ms: number): Promise<void> {
  const endAtMs = performance.now() + ms;
  const chunk = request.repeat(Math.ceil(CHUNK_BYTES / request.length));
  async function attack(): Promise<void> {
    while (performance.now() < endAtMs) {
      const socket = await open(url);
      socket.pause();
      while (!socket.destroyed && performance.now() < endAtMs)
        if (!socket.write(chunk))
          await Promise.race([once(socket, 'drain'), closed(socket), wait(200)]).catch(() => undefined);
      socket.destroy();
      await wait(5);
    }
  }
  await Promise.all(Array.from({ length: clients }, attack));
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));
