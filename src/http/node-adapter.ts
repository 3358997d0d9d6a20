import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type HttpRequest, type HttpResponse, isStream } from '../exchange.ts';
import { inOrder } from '../http-limits/in-order.ts';
import { createBodyReader, type ReadBody } from '../http-limits/request-bodies.ts';
import type { Answer } from './pipeline.ts';
import { refusalOfUnreadable } from './unreadable.ts';

/**
 * Answers what comes to a server of `node:http`. The replies of one turn of the event loop leave together, at its end:
 * to wake whoever waits at the other end of a connection costs as much as to send, and once awake they take all.
 */
export function createNodeListener(answer: Answer): RequestListener {
  const readBody = createBodyReader();
  let ready: [HttpResponse, ServerResponse][] = [];

  function sendAll(): void {
    const replies = ready;
    ready = [];
    for (const [reply, response] of replies) send(reply, response);
  }

  return inOrder((request, response) => {
    if (request.httpVersionMajor < 1) return send(refusalOfUnreadable(), response); // HTTP/0.9, which has no headers
    void answer(arrivalOf(request, response, readBody)).then((reply) => {
      if (ready.push([reply, response]) === 1) setImmediate(sendAll);
    });
  });
}

function arrivalOf(request: IncomingMessage, response: ServerResponse, readBody: ReadBody): HttpRequest {
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
    address: request.socket.remoteAddress,
    hosts: hostsOf(request),
    needsHost: request.httpVersion === '1.1',
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

/** A pipeline has half a dozen on its response, besides those of who waits for its end. */
const MAX_LISTENERS = 20;

function send({ status, headers, body }: HttpResponse, response: ServerResponse): void {
  if (isStream(body)) {
    response.setMaxListeners(MAX_LISTENERS);
    response.writeHead(status, headers);
    pipeline(Readable.from(body), response).catch(() => undefined); // it ends when the client goes
  } else {
    if (body !== null) headers['content-length'] ??= `${Buffer.byteLength(body)}`;
    response.writeHead(status, headers).end(body);
  }
}
