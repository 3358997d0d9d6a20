import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { type HttpRequest, type HttpResponse, isStream } from '../exchange.ts';
import { inOrder } from '../http-limits/in-order.ts';
import { createBodyReader, type ReadBody } from '../http-limits/request-bodies.ts';
import { mapMaybePromise } from '../maybe-promise.ts';
import type { Answer } from './pipeline.ts';
import type { TlsConnections } from './tls-connections.ts';
import { refusalOfUnreadable } from './unreadable.ts';

type Connections = Pick<TlsConnections, 'isChecked'>;

/**
 * Answers the requests of a `node:http` server. The responses of one turn of the event loop are sent together at its end: waking
 * a client costs as much as sending, and a client that is awake reads everything at once.
 */
export function createNodeListener(answer: Answer, connections?: Connections): RequestListener {
  const readBody = createBodyReader();
  let ready: [HttpResponse, ServerResponse][] = [];

  function sendAll(): void {
    const replies = ready;
    ready = [];
    for (const [reply, response] of replies) send(reply, response);
  }

  return inOrder((request, response) => {
    if (request.httpVersionMajor < 1) return send(refusalOfUnreadable(), response); // HTTP/0.9, which has no headers
    mapMaybePromise(answer(httpRequestOf(request, response, readBody, connections)), (reply) => {
      if (ready.push([reply, response]) === 1) setImmediate(sendAll);
    });
  });
}

function httpRequestOf(
  request: IncomingMessage,
  response: ServerResponse,
  readBody: ReadBody,
  connections: Connections | undefined,
): HttpRequest {
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
    body: (maxBytes) => readBody(request, response, maxBytes),
    gone: () => {
      signal ??= abortedWithout(response);
      return signal;
    },
    hasLeft: () => isAborted(response),
    address: request.socket.remoteAddress,
    certificate: (again = false) => acceptedCertificateOf(request, again ? connections : undefined),
    hosts: hostsOf(request),
    needsHost: request.httpVersion === '1.1',
    onClose: (run) => {
      if (response.closed) run();
      else response.on('close', run);
    },
    cutOff: () => request.socket.destroy(),
  };
}

/** `authorized` is false unless the certificate was asked for, and is of the authorities. */
function acceptedCertificateOf({ socket }: IncomingMessage, connections: Connections | undefined) {
  if (!(socket instanceof TLSSocket && socket.authorized)) return undefined;
  if (!connections || connections.isChecked(socket)) return socket.getPeerX509Certificate();
  socket.destroy();
  return undefined;
}

/** In `headers`, Node keeps only the first `Host`. */
const hostsOf = ({ rawHeaders }: IncomingMessage): string[] =>
  rawHeaders.filter(
    (_, i) => i % 2 === 1 && rawHeaders[i - 1]?.length === 4 && HOST.test(rawHeaders[i - 1] ?? ''),
  );

const HOST = /^host$/i;

/** Whether the connection was closed before the response was sent. */
const isAborted = (response: ServerResponse) => response.destroyed && !response.writableFinished;

/** Aborted if the connection closes before the response was sent. */
function abortedWithout(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = () => {
    if (isAborted(response)) controller.abort();
  };
  if (response.destroyed) onClose();
  else response.once('close', onClose);
  return controller.signal;
}

function send({ status, headers, body, isAscii = false }: HttpResponse, response: ServerResponse): void {
  if (isStream(body)) {
    response.writeHead(status, headers);
    sendEach(body, response).catch(() => response.destroy());
  } else {
    if (body !== null) headers['content-length'] ??= `${isAscii ? body.length : Buffer.byteLength(body)}`;
    response.writeHead(status, headers).end(body, isAscii ? 'latin1' : 'utf8');
  }
}

/** Asks for the next chunk when the socket has taken the last one, so that whoever counts what is unsent knows of all of it. */
async function sendEach(chunks: AsyncIterable<Uint8Array>, response: ServerResponse): Promise<void> {
  let go = () => {};
  response.on('drain', () => go());
  response.once('close', () => go());
  for await (const chunk of chunks) {
    if (response.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    go = resolve;
    if (!response.write(chunk)) await promise;
  }
  response.end();
}
