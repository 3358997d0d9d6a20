import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { emulate } from '../emulator/support.ts';
import { type Answer, CREDENTIALS, createInProcess, type InProcessOptions } from './service.ts';

export type RunningOptions = Pick<InProcessOptions, 'env' | 'clock'> & {
  emulator?: EmulatorOptions;
  /** What goes wrong from the start; `fail` takes its place. */
  fault?: EmulatorOptions['fault'];
};

/** A call that the emulator got, by its operation. */
export type Call = { operation: string; headers: IncomingHttpHeaders };

/**
 * The same service on a port of its own, as in a process. It knows nothing of certificates until `fail` was called, or a
 * test asks; the watch of their expiration makes the first of the `calls`.
 */
export async function runService({ emulator = {}, fault: first, ...options }: RunningOptions = {}) {
  const calls: Call[] = [];
  let headers: IncomingHttpHeaders = {};
  let fault: NonNullable<EmulatorOptions['fault']> = first ?? (() => undefined);
  const {
    url: endpoint,
    client,
    server,
  } = await emulate({
    credentials: CREDENTIALS,
    ...emulator,
    fault: (operation, labels) => {
      calls.push({ operation, headers });
      return fault(operation, labels);
    },
  });
  server.prependListener('request', (request) => {
    headers = request.headers;
  });
  const {
    server: parts,
    log,
    operations,
    metrics,
  } = await createInProcess({
    slowMs: 500,
    upstream: { endpoint, credentials: CREDENTIALS },
    ...options,
  });
  const service = await parts.start();
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= service.stop();
    return stopped;
  };
  onTestFinished(stop);
  const { port } = new URL(service.url);
  const post = async (query: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${service.url}/graphql`, {
      method: 'POST',
      body: JSON.stringify({ query }),
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
    });

  return {
    url: service.url,
    calls,
    /** An SDK client of the same emulator. */
    client,
    log,
    metrics,
    operations,
    stop,
    post,
    query: async (query: string): Promise<Answer> => (await post(query)).json(),
    status: async (path: string) => (await fetch(service.url + path)).status,
    /** A connection on which `text` was sent. */
    send: async (text: string): Promise<Socket> => {
      const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
      socket.on('error', () => undefined); // a reset is one of the ways to be cut off
      onTestFinished(() => void socket.destroy());
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    },
    fail: (next: typeof fault) => {
      fault = next;
    },
  };
}

/** A request as it is on the wire. */
export const requestOf = (query: string): string => {
  const body = JSON.stringify({ query });
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
};

/** All that comes until the other side ends it. */
export async function untilClosed(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (text: string) => {
    received += text;
  });
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve)); // whatever errors come first
  return received;
}
