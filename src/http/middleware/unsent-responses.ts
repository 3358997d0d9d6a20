import {
  type Exchange,
  type HttpRequest,
  type HttpResponse,
  isStream,
  type Operation,
} from '../../exchange.ts';
import { type Middleware, refusal } from '../middleware.ts';

export type UnsentResponsesOptions = {
  /** How many bytes may wait for clients to read them, in all connections together. */
  maxBytes: number;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Calls `run` every so many milliseconds, without holding up the end of the process. */
  every: (ms: number, run: () => void) => void;
};

type Unsent = {
  request: HttpRequest;
  /** What would be free without it. */
  bytes: number;
  /** Its text, where others may be sent the same. */
  kept: Uint8Array | undefined;
  length: number;
  sinceMs: number;
};

/** What is shorter does not count: there is one for each connection at the most, in all 80 MB of 5000 connections. */
const SHORT_BYTES = 16 * 1024;

/** Each answer has a minute, and the time that a slow line takes: 16 KiB a second is less than a modem of 1998 had twice. */
const PATIENCE_MS = 60_000;
const MIN_BYTES_A_MS = 16.384;

/** Once there is no room, an answer that nobody has taken for that long makes way. */
const PATIENCE_UNDER_PRESSURE_MS = 1000;

/** An address that has more of the room than that makes way for others at once. */
const MAX_SHARE = 0.5;

const SWEEP_MS = 1000;

/**
 * Bounds what waits for clients that do not read. A connection whose answer takes longer than the slowest line is closed.
 * Where all of them together would have more than `maxBytes`, those that have waited longest are closed. While that is not
 * enough, what has changed nothing and finds no room for its answer gets a 503, and a stream ends; once there is none at
 * all, which takes answers to mutations, requests get it before anything is executed.
 */
export function boundUnsentResponses({ maxBytes, elapsedMs, every }: UnsentResponsesOptions): Middleware {
  const unsent = new Set<Unsent>(); // the oldest first
  /** A kept text lives as long as they, though another may have taken its place since. The first of them has its bytes. */
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

  /** Whether there is room for so many bytes more, once those who have waited too long have made way. */
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
        const kept = typeof body === 'string' || !operation ? undefined : body; // a page is there for good
        const bytes = () => (typeof body === 'string' || (kept && !holders.has(kept)) ? length : 0);
        const isSent = hasRoomFor(bytes(), request) || mayHaveChanged(operation);
        if (isSent)
          add(request, bytes(), length, kept); // anew, since who held it may have made way
        else refuse(exchange, response);
      }
    },
  };
}

/** A mutation that AWS was not called for has changed nothing: its answer may be refused as that to a query. */
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
