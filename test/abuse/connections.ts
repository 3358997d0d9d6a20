import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection to the service, closed with the test at the latest; its errors do not fail the test. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Everything that is received until the other side closes, or `timeoutMs` are over. */
export async function received(socket: Socket, timeoutMs = 5000): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(timer);
  return Buffer.concat(chunks).toString('latin1');
}

/** The number of open files and sockets of a process. */
export const openFiles = async (pid: number | undefined): Promise<number> =>
  (await readdir(`/proc/${pid}/fd`)).length;

/** Closed with the test at the latest. */
export function closeAfterTest(sockets: readonly Socket[]): void {
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
}
