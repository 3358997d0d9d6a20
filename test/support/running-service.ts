import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { emulate } from '../emulator/support.ts';
import { type Answer, CREDENTIALS, createInProcess, type InProcessOptions } from './service.ts';

export type RunningOptions = Pick<InProcessOptions, 'env' | 'clock' | 'pageFolder'> & {
  emulator?: EmulatorOptions;
  /** The faults from the start, until `fail` replaces them. */
  fault?: EmulatorOptions['fault'];
};

/** A call that the emulator received. */
export type Call = { operation: string; headers: IncomingHttpHeaders };

/**
 * The same service on its own port, as in a process. The first of the `calls` is that of the expiration poller.
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
    fault: (operation, labels, accountRegion) => {
      calls.push({ operation, headers });
      return fault(operation, labels, accountRegion);
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
    /** A connection on which `text` has been sent. */
    send: async (text: string): Promise<Socket> => {
      const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
      socket.on('error', () => undefined); // a reset is one way to be cut off
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

/** A request in HTTP/1.1. */
export const requestOf = (query: string): string => {
  const body = JSON.stringify({ query });
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
};

/** Everything that arrives until the other side closes the connection. */
export async function untilClosed(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (text: string) => {
    received += text;
  });
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve)); // also after errors
  return received;
}
