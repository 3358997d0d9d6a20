import { type Arrival, type Exchange, isStream, type Reply } from '../exchange.ts';
import { refusal, type Step } from './step.ts';

export type UnsentAnswersOptions = {
  /** How many bytes may wait for clients to read them, in all connections together. */
  maxBytes: number;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Calls `run` every so many milliseconds, without holding up the end of the process. */
  every: (ms: number, run: () => void) => void;
};

type Unsent = { arrival: Arrival; bytes: number; length: number; sinceMs: number };

/** What is shorter is left to the system's buffers: there is one for each connection at the most. */
const SHORT_BYTES = 64 * 1024;

/** Each answer has a minute, and the time that a slow line takes: 16 KiB a second is less than a modem of 1998 had twice. */
const PATIENCE_MS = 60_000;
const MIN_BYTES_A_MS = 16.384;

/** Once there is no room, an answer that nobody has taken for that long makes way. */
const PATIENCE_UNDER_PRESSURE_MS = 1000;

const SWEEP_MS = 1000;

/**
 * Bounds what waits for clients that do not read. A connection whose answer takes longer than the slowest line is closed.
 * Where all of them together have more than `maxBytes`, those that have waited longest are closed, and while that is not
 * enough requests are refused with 503, before anything is executed; an answer to a query that finds no room as well.
 */
export function boundUnsentAnswers({ maxBytes, elapsedMs, every }: UnsentAnswersOptions): Step {
  const unsent = new Set<Unsent>(); // the oldest first
  let total = 0;

  const ageMs = ({ sinceMs }: Unsent) => elapsedMs() - sinceMs;

  function remove(entry: Unsent): void {
    if (unsent.delete(entry)) total -= entry.bytes;
  }

  function cutOff(entry: Unsent): void {
    remove(entry);
    entry.arrival.cutOff();
  }

  /** Whether there is room for so many bytes more, once those who have waited too long have made way. */
  function hasRoomFor(bytes: number): boolean {
    for (const entry of unsent) {
      if (total + bytes <= maxBytes || ageMs(entry) < PATIENCE_UNDER_PRESSURE_MS) break;
      cutOff(entry);
    }
    return total + bytes <= maxBytes;
  }

  function add(arrival: Arrival, bytes: number, length: number): Unsent {
    const entry = { arrival, bytes, length, sinceMs: elapsedMs() };
    unsent.add(entry);
    total += bytes;
    arrival.onClose(() => remove(entry));
    return entry;
  }

  async function* counted(stream: AsyncIterable<Uint8Array<ArrayBuffer>>, entry: Unsent) {
    for await (const chunk of stream) {
      entry.length += chunk.length;
      if (unsent.has(entry)) {
        entry.bytes += chunk.length;
        total += chunk.length;
      }
      yield chunk;
    }
  }

  every(SWEEP_MS, () => {
    for (const entry of unsent) if (ageMs(entry) > PATIENCE_MS + entry.length / MIN_BYTES_A_MS) cutOff(entry);
  });

  return {
    admit: (exchange) => (total < maxBytes || hasRoomFor(1) ? undefined : noRoom(exchange)),
    finish(exchange, reply) {
      const { arrival, operation } = exchange;
      const { body } = reply;
      if (isStream(body)) reply.body = counted(body, add(arrival, 0, 0));
      else if (body !== null && body.length > SHORT_BYTES) {
        const length = Buffer.byteLength(body);
        const bytes = typeof body === 'string' ? length : 0; // bytes are kept once for all who get them
        if (operation?.type === 'mutation' || hasRoomFor(bytes)) add(arrival, bytes, length);
        else refuse(exchange, reply);
      }
    },
  };
}

function refuse(exchange: Exchange, reply: Reply): void {
  const { status, headers, body } = noRoom(exchange);
  if (exchange.operation) exchange.operation.errors = ['OVERLOADED'];
  Object.assign(reply.headers, headers);
  Object.assign(reply, { status, body });
}

const noRoom = (exchange: Exchange): Reply =>
  refusal(
    exchange,
    503,
    {
      message: 'The service has too much to send to those who do not read. Nothing was changed.',
      extensions: { code: 'OVERLOADED' },
    },
    { 'retry-after': '1' },
  );
