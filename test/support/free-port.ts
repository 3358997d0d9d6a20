import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give out themselves: nobody gets one of these by chance before it is used. */
const [FIRST, COUNT] = [12_000, 20_000];

/** Test files that run at the same time are processes of their own, which begin a hundred ports apart. */
let next = (100 * process.pid) % COUNT;

/** A port for a program that cannot choose a free one itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
