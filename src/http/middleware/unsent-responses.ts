import { createOldestFirst, type OldestFirst } from '../../collections/oldest-first.ts';
import {
  type Exchange,
  type HttpRequest,
  type HttpResponse,
  isStream,
  type Operation,
} from '../../exchange.ts';
import { type Middleware, refusal } from '../middleware.ts';

export type UnsentResponsesOptions = {
  /** How many bytes may wait for clients to read them, over all connections. */
  maxBytes: number;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Calls `run` every `ms` milliseconds, without keeping the process alive. */
  every: (ms: number, run: () => void) => void;
};

type Unsent = {
  request: HttpRequest;
  /** The memory that would be free without this entry. */
  bytes: number;
  /** The body, if several entries may share it because it comes from the cache, and what removes this one from them. */
  shared: { body: Uint8Array; leave: () => void } | undefined;
  length: number;
  sinceMs: number;
  /** Removes it from all; undefined once that was done. */
  leave: (() => void) | undefined;
};

/** Shorter responses do not count. Each connection has at most one: 80 MB for 5000 connections. */
const SHORT_BYTES = 16 * 1024;

/** A client has a minute to read a response, plus the time that it takes on a slow line of 16 KiB per second. */
const PATIENCE_MS = 60_000;
const MIN_BYTES_A_MS = 16.384;

/** If there is no room, a response that has waited for longer is cut off. */
const PATIENCE_UNDER_PRESSURE_MS = 1000;

/** If there is no room, an address with a larger share loses its responses to others at once. */
const MAX_SHARE = 0.5;

const SWEEP_MS = 1000;

/**
 * Bounds the responses that wait for clients to read them. A connection that reads too slowly is closed. If all responses
 * together would exceed `maxBytes`, those that have waited longest are cut off. If that is not enough, a new response becomes
 * a 503 and a stream ends, unless AWS may have been changed. Such answers are sent in any case; if they leave no room at
 * all, requests get the 503 before anything is executed.
 */
export function boundUnsentResponses({ maxBytes, elapsedMs, every }: UnsentResponsesOptions): Middleware {
  const unsent = createOldestFirst<Unsent>();
  /** The entries that share a cached body, which keep it in memory. The oldest one is charged for its bytes. */
  const sharing = new WeakMap<Uint8Array, OldestFirst<Unsent>>();
  const ofAddress = new Map<string | undefined, number>();
  let total = 0;

  const ageMs = ({ sinceMs }: Unsent) => elapsedMs() - sinceMs;

  function count(entry: Unsent, bytes: number): void {
    const { address } = entry.request;
    entry.bytes += bytes;
    total += bytes;
    const sum = (ofAddress.get(address) ?? 0) + bytes;
    if (sum === 0) ofAddress.delete(address);
    else ofAddress.set(address, sum);
  }

  function remove(entry: Unsent): void {
    const { bytes, shared, leave } = entry;
    if (!leave) return;
    leave();
    entry.leave = undefined;
    count(entry, -bytes);
    if (!shared) return;
    shared.leave();
    const [next] = sharing.get(shared.body) ?? [];
    if (next) count(next, bytes);
    else sharing.delete(shared.body);
  }

  function share(body: Uint8Array, entry: Unsent): void {
    const all = sharing.get(body) ?? createOldestFirst();
    sharing.set(body, all);
    entry.shared = { body, leave: all.add(entry) };
  }

  function cutOff(entry: Unsent): void {
    remove(entry);
    entry.request.cutOff();
  }

  function makesWay(entry: Unsent, { address }: HttpRequest): boolean {
    if (entry.bytes === 0) return false;
    if (ageMs(entry) >= PATIENCE_UNDER_PRESSURE_MS) return true;
    const other = entry.request.address;
    return other !== address && (ofAddress.get(other) ?? 0) > maxBytes * MAX_SHARE;
  }

  /** Whether there is room for this many more bytes, after those that have waited too long were cut off. */
  function hasRoomFor(bytes: number, request: HttpRequest): boolean {
    for (const entry of unsent) {
      if (total + bytes <= maxBytes) return true;
      if (makesWay(entry, request)) cutOff(entry);
    }
    return total + bytes <= maxBytes;
  }

  function add(request: HttpRequest, bytes: number, length: number, body?: Uint8Array): Unsent {
    const entry: Unsent = {
      request,
      bytes: 0,
      shared: undefined,
      length,
      sinceMs: elapsedMs(),
      leave: undefined,
    };
    entry.leave = unsent.add(entry);
    count(entry, bytes);
    if (body) share(body, entry);
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

  every(SWEEP_MS, () => {
    for (const entry of unsent) if (ageMs(entry) > PATIENCE_MS + entry.length / MIN_BYTES_A_MS) cutOff(entry);
  });

  return {
    before: (exchange) =>
      total < maxBytes || hasRoomFor(1, exchange.request) ? undefined : noRoom(exchange),
    after(exchange, response) {
      const { request, operation } = exchange;
      const { body, isShared = false } = response;
      if (isStream(body)) response.body = counted(body, add(request, 0, 0), operation);
      else if (body !== null && body.length > SHORT_BYTES) {
        const length = Buffer.byteLength(body);
        const shared = isShared && typeof body !== 'string' ? body : undefined;
        const isPage = typeof body !== 'string' && !operation; // GraphiQL's page stays in memory anyway
        const bytes = () => (isPage || (shared && sharing.has(shared)) ? 0 : length);
        const isSent = hasRoomFor(bytes(), request) || mayHaveChanged(operation);
        if (isSent)
          add(request, bytes(), length, shared); // `bytes()` again: the entries that shared the body may have been cut off
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
