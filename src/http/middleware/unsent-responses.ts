import {
  type Exchange,
  type HttpRequest,
  type HttpResponse,
  isStream,
  type Operation,
} from '../../exchange.ts';
import { type Middleware, refusal } from '../middleware.ts';
import { createRoom, type Unsent } from '../unsent.ts';

export type UnsentResponsesOptions = {
  /** How many bytes may wait for clients to read them, over all connections. */
  maxBytes: number;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Calls `run` every `ms` milliseconds, without keeping the process alive. */
  every: (ms: number, run: () => void) => void;
};

/** Shorter responses do not count. Each connection has at most one: 80 MB for 5000 connections. */
const SHORT_BYTES = 16 * 1024;

/** A client has a minute to read a response, plus the time that it takes on a slow line of 16 KiB per second. */
const PATIENCE_MS = 60_000;
const MIN_BYTES_A_MS = 16.384;

const SWEEP_MS = 1000;

/**
 * Bounds the responses that wait for clients to read them. A connection that reads too slowly is closed. If all responses
 * together would exceed `maxBytes`, those that have waited longest are cut off. If that is not enough, a new response becomes
 * a 503 and a stream ends, unless AWS may have been changed. Such answers are sent in any case; if they leave no room at
 * all, requests get the 503 before anything is executed.
 */
export function boundUnsentResponses({ maxBytes, elapsedMs, every }: UnsentResponsesOptions): Middleware {
  const room = createRoom({ maxBytes, elapsedMs });
  const { hasRoomFor, add, count, remove, cutOff, ageMs } = room;

  function addUntilSent(request: HttpRequest, bytes: number, length: number, shared?: Uint8Array): Unsent {
    const entry = add(request, bytes, length, shared);
    request.onClose(() => remove(entry));
    return entry;
  }

  async function* counted(
    stream: AsyncIterable<Uint8Array<ArrayBuffer>>,
    entry: Unsent,
    operation: Operation | undefined,
  ) {
    for await (const chunk of stream) {
      entry.length += chunk.length;
      if (entry.leave !== undefined) {
        if (!hasRoomFor(chunk.length, entry.request) && !mayHaveChanged(operation)) return cutOff(entry);
        if (entry.leave !== undefined) count(entry, chunk.length);
      }
      yield chunk;
    }
  }

  /** Of a subscription, which has no end, each event counts by itself, until there is room for the next one. */
  async function* eachCounted(stream: AsyncIterable<Uint8Array<ArrayBuffer>>, request: HttpRequest) {
    for await (const chunk of stream) {
      const { length } = chunk;
      if (length > SHORT_BYTES && !hasRoomFor(length, request)) return request.cutOff();
      const entry = length > SHORT_BYTES ? add(request, length, length) : undefined;
      try {
        yield chunk;
      } finally {
        if (entry) remove(entry);
      }
    }
  }

  every(SWEEP_MS, () => {
    for (const entry of room.entries())
      if (ageMs(entry) > PATIENCE_MS + entry.length / MIN_BYTES_A_MS) cutOff(entry);
  });

  return {
    before: (exchange) => (!room.isFull() || hasRoomFor(1, exchange.request) ? undefined : noRoom(exchange)),
    after(exchange, response) {
      const { request, operation } = exchange;
      const { body, isShared = false } = response;
      if (isStream(body))
        response.body =
          operation?.type === 'subscription'
            ? eachCounted(body, request)
            : counted(body, addUntilSent(request, 0, 0), operation);
      else if (body !== null && body.length > SHORT_BYTES) {
        const length = Buffer.byteLength(body);
        const shared = isShared && typeof body !== 'string' ? body : undefined;
        const isPage = typeof body !== 'string' && !operation; // GraphiQL's page stays in memory anyway
        const bytes = () => (isPage || (shared && room.isShared(shared)) ? 0 : length);
        const isSent = hasRoomFor(bytes(), request) || mayHaveChanged(operation);
        if (isSent)
          addUntilSent(request, bytes(), length, shared); // `bytes()` again: the entries that shared the body may have been cut off
        else refuse(exchange, response);
      }
    },
  };
}

/** A mutation without an AWS call has changed nothing, so its answer may be refused like that of a query. */
const mayHaveChanged = (operation: Operation | undefined): boolean =>
  operation?.type === 'mutation' && (operation.awsUse?.calls ?? 0) > 0;

function refuse(exchange: Exchange, response: HttpResponse): void {
  const { status, headers, body } = noRoom(exchange);
  if (exchange.operation) exchange.operation.errors = ['OVERLOADED'];
  Object.assign(response.headers, headers);
  Object.assign(response, { status, body });
}

const noRoom = (exchange: Exchange): HttpResponse =>
  refusal(
    exchange,
    503,
    {
      message: 'Too many answers wait for clients that do not read them. Nothing was changed.',
      extensions: { code: 'OVERLOADED' },
    },
    { 'retry-after': '1' },
  );
