import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { loggerOptions } from '../../src/observability/log.ts';
import { startService } from '../../src/service.ts';
import { parseConfig } from '../../src/settings/config.ts';
import { emulate } from '../emulator/support.ts';
import { type Answer, UNSHARED } from './service.ts';

export type RunningOptions = {
  emulator?: EmulatorOptions;
  env?: Record<string, string>;
  /** What goes wrong from the start; `fail` takes its place. */
  fault?: (operation: string) => Fault | undefined;
};

/** A call that the emulator got, by its operation. */
export type Call = { operation: string; headers: IncomingHttpHeaders };

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/**
 * All that a process of the service is made of, in this one, on a port of its own. It knows nothing of certificates
 * until `fail` was called, or a test asks; the watch of their expiration makes the first of the `calls`.
 */
export async function runService({ emulator = {}, env = {}, fault: first }: RunningOptions = {}) {
  const calls: Call[] = [];
  const log: Record<string, unknown>[] = [];
  let headers: IncomingHttpHeaders = {};
  let fault = first ?? (() => undefined);
  const { url: endpoint, server } = await emulate({
    credentials: CREDENTIALS,
    ...emulator,
    fault: (operation) => {
      calls.push({ operation, headers });
      return fault(operation);
    },
  });
  server.prependListener('request', (request) => {
    headers = request.headers;
  });
  const service = await startService({
    config: parseConfig({ PORT: '0', DRAIN_TIMEOUT_MS: '100', ...UNSHARED, ...env }),
    log: pino(
      { ...loggerOptions('info'), base: null, timestamp: false },
      { write: (line) => log.push(JSON.parse(line)) },
    ),
    upstream: { endpoint, region: 'us-east-1', credentials: CREDENTIALS },
  });
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
    log,
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
    fail: (next: (operation: string) => Fault | undefined) => {
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
