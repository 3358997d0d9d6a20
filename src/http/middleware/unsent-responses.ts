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
  /** The body, if it comes from the cache, so that several entries may share it. */
  kept: Uint8Array | undefined;
  length: number;
  sinceMs: number;
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
  const unsent = new Set<Unsent>(); // the oldest first
  /** The entries that share a cached body, which keep it in memory. The first one is charged for its bytes. */
  const holders = new Map<Uint8Array, Set<Unsent>>();
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
    if (!unsent.delete(entry)) return;
    const { bytes, kept } = entry;
    count(entry, -bytes);
    if (kept) pass(kept, entry, bytes);
  }

  function pass(kept: Uint8Array, from: Unsent, bytes: number): void {
    const all = holders.get(kept);
    all?.delete(from);
    const [next] = all ?? [];
    if (next) count(next, bytes);
    else holders.delete(kept);
  }

  function hold(kept: Uint8Array, entry: Unsent): void {
    const all = holders.get(kept) ?? new Set();
    holders.set(kept, all.add(entry));
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

  function add(request: HttpRequest, bytes: number, length: number, kept?: Uint8Array): Unsent {
    const entry = { request, bytes: 0, kept, length, sinceMs: elapsedMs() };
    unsent.add(entry);
    count(entry, bytes);
    if (kept) hold(kept, entry);
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
      if (unsent.has(entry)) {
        if (!hasRoomFor(chunk.length, entry.request) && !mayHaveChanged(operation)) return cutOff(entry);
        if (unsent.has(entry)) count(entry, chunk.length);
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
      const { body } = response;
      if (isStream(body)) response.body = counted(body, add(request, 0, 0), operation);
      else if (body !== null && body.length > SHORT_BYTES) {
        const length = Buffer.byteLength(body);
        const kept = typeof body === 'string' || !operation ? undefined : body; // GraphiQL's page stays in memory anyway
        const bytes = () => (typeof body === 'string' || (kept && !holders.has(kept)) ? length : 0);
        const isSent = hasRoomFor(bytes(), request) || mayHaveChanged(operation);
        if (isSent)
          add(request, bytes(), length, kept); // `bytes()` again: the entries that shared the body may have been cut off
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
