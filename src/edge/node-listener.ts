import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Arrival, isStream, type Reply } from '../exchange.ts';
import type { Answer } from './edge.ts';
import { inOrder } from './in-order.ts';

/**
 * Answers what comes to a server of `node:http`. The replies of one turn of the event loop leave together, at its end:
 * to wake whoever waits at the other end of a connection costs as much as to send, and once awake they take all.
 */
export function nodeListener(answer: Answer): RequestListener {
  let ready: [Reply, ServerResponse][] = [];

  function sendAll(): void {
    const replies = ready;
    ready = [];
    for (const [reply, response] of replies) send(reply, response);
  }

  return inOrder((request, response) => {
    if (request.httpVersionMajor < 1) return void response.writeHead(400).end(); // HTTP/0.9, which has no headers
    void answer(arrivalOf(request, response)).then((reply) => {
      if (ready.push([reply, response]) === 1) setImmediate(sendAll);
    });
  });
}

function arrivalOf(request: IncomingMessage, response: ServerResponse): Arrival {
  const { method = 'GET', url = '/', headers } = request;
  let signal: AbortSignal | undefined;
  const header = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    method,
    url,
    header,
    headers: () => Object.fromEntries(Object.keys(headers).map((name) => [name, header(name) ?? ''])),
    body: (maxBytes) => bodyOf(request, maxBytes),
    gone: () => {
      signal ??= abortedWithout(response);
      return signal;
    },
    address: request.socket.remoteAddress,
    hosts: hostsOf(request),
    onClose: (run) => {
      if (response.closed) run();
      else response.once('close', run);
    },
    cutOff: () => request.socket.destroy(),
  };
}

/** Node drops all but the first. */
const hostsOf = ({ rawHeaders }: IncomingMessage): string[] =>
  rawHeaders.filter(
    (_, i) => i % 2 === 1 && rawHeaders[i - 1]?.length === 4 && HOST.test(rawHeaders[i - 1] ?? ''),
  );

const HOST = /^host$/i;

/** Aborted where the connection closes before the answer is out. */
function abortedWithout(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = () => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.destroyed) onClose();
  else response.once('close', onClose);
  return controller.signal;
}

function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
  const chunks: Buffer[] = [];
  let length = 0;
  request
    .on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else resolve(undefined);
    })
    .on('end', () => resolve(bytesOf(chunks)))
    .on('error', () => resolve(bytesOf([]))); // the client has gone, and nobody will see what is made of that
  if (request.destroyed) resolve(bytesOf([])); // and had gone before
  return promise;
}

function bytesOf(chunks: Buffer[]): Uint8Array {
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks);
}

function send({ status, headers, body }: Reply, response: ServerResponse): void {
  if (isStream(body)) {
    response.writeHead(status, headers);
    pipeline(Readable.from(body), response).catch(() => undefined); // it ends when the client goes
  } else {
    if (body !== null) headers['content-length'] ??= `${Buffer.byteLength(body)}`;
    response.writeHead(status, headers).end(body);
  }
}
