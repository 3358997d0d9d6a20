import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give out themselves: nobody gets one of these by chance before it is used. */
const FIRST = 12_000;

/** Of each process in which tests run at the same time: they are numbered from 1. */
const COUNT = 500;

const first = FIRST + COUNT * (Number(process.env['VITEST_POOL_ID'] ?? 0) % 40);
let taken = 0;

/** A port for a program that cannot choose a free one itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + taken;
    taken = (taken + 1) % COUNT;
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
