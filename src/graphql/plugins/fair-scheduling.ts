import { performance } from 'node:perf_hooks';
import { nextTick } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Exchange } from '../../exchange.ts';
import { createFairQueue, type FairQueueOptions } from '../../fair-queue.ts';
import type { ServerContext } from './operation.ts';

/**
 * Resolves when it is the client's turn; rejects at once if too many wait. `over` is called only if others wait already. When
 * its signal is aborted, the turn is given up with the signal's reason.
 */
export type FairScheduler = (client: string, over?: () => AbortSignal) => Promise<void>;

export type UseFairSchedulingOptions = {
  /** Whether a document has been parsed and validated before. */
  isKnown: (document: string) => boolean;
  clientOf: (exchange: Exchange) => string;
  ofKnown: FairScheduler;
  ofNew: FairScheduler;
  /** How long a request may take, counted from its arrival. */
  timeoutMs: number;
};

/** Operations begin one after the other, in turns by client, so every client gets its share of the event loop. */
export function useFairScheduling(
  options: UseFairSchedulingOptions,
): Plugin<Record<never, never>, ServerContext> {
  const { isKnown, clientOf, ofKnown, ofNew, timeoutMs } = options;

  /**
   * Waits no longer than the client does, and than the request may take. While it waits, the parsed body is dropped, because
   * it can take thirty times the memory of its text, as `[{},{}]` does; it is parsed again afterwards.
   */
  async function begin(turns: FairScheduler, exchange: Exchange, putAside: () => void): Promise<void> {
    const leftMs = () => exchange.startedAtMs + timeoutMs - performance.now();
    let stopWatching = () => {};
    function watch(): AbortSignal {
      putAside();
      const over = new AbortController();
      const timer = setTimeout(() => over.abort(tooLate()), Math.max(leftMs(), 0));
      const signal = exchange.request.gone();
      const leave = () => over.abort(gone());
      signal.addEventListener('abort', leave);
      if (signal.aborted) leave();
      stopWatching = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
      };
      return over.signal;
    }
    await turns(clientOf(exchange), watch).finally(() => stopWatching());
    if (leftMs() <= 0) throw tooLate(); // a timer is late when the process is busy
  }

  return {
    onParams: async ({ params, request, context: { exchange } }) => {
      const { query = '' } = params;
      if (typeof query !== 'string') return; // Yoga refuses it
      let isAside = false;
      function putAside(): void {
        if (request.method !== 'POST') return;
        isAside = true;
        for (const name of Object.keys(params)) delete params[name as keyof typeof params];
      }
      if (!isKnown(query)) await begin(ofNew, exchange, putAside);
      if (isKnown(query)) await begin(ofKnown, exchange, putAside);
      if (isAside) Object.assign(params, await parametersOf(request, query));
    },
  };
}

/** The parameters, parsed once more. */
const parametersOf = async (request: Request, query: string): Promise<object> =>
  request.headers.get('content-type')?.startsWith('application/json') ? request.json() : { query };

/** Only for the log: the same code as when the client leaves during an AWS call. */
const gone = () => new GraphQLError('The client has left.', { extensions: { code: 'UPSTREAM_TIMEOUT' } });

const tooLate = () => overloaded('Its time was over before it could begin.');

const overloaded = (why: string) =>
  new GraphQLError(`The service has too much to do. ${why} Nothing of the operation was done.`, {
    extensions: { code: 'OVERLOADED', http: { status: 503, headers: { 'retry-after': '1' } } },
  });

/** For how long operations begin in one turn of the event loop. Cached responses and health checks wait for its end. */
const MAX_TURN_MS = 1;

/** The longest pause, even if the process itself was delayed during a turn. */
const MAX_PAUSE_MS = 20;

/** At most this many waiting connections are accepted after a turn, however long it was. */
const MAX_ACCEPTED = 500;

/** A pause ends when other work used less than this part of a millisecond of it. */
const IN_USE = 0.5;

export type FairSchedulerOptions = Partial<FairQueueOptions> & {
  elapsedMs: () => number;
  /** A turn is followed by a pause of this many times its length, if other work makes use of it. */
  pauseFactor?: number;
};

/** Each turn of the event loop begins operations for about a millisecond. All clients get equal time. */
export function createFairScheduler(options: FairSchedulerOptions): FairScheduler {
  const { elapsedMs, pauseFactor = 0, max = Number.POSITIVE_INFINITY, maxOfClient = max } = options;
  const waiting = createFairQueue<() => void>({ max, maxOfClient });
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting.size > 0) {
      await nextTurn();
      const beganAtMs = elapsedMs();
      do {
        const startedAtMs = elapsedMs();
        const turn = waiting.next();
        turn?.item();
        await untilItWaits();
        if (turn) waiting.charge(turn.client, elapsedMs() - startedAtMs);
      } while (waiting.size > 0 && elapsedMs() - beganAtMs <= MAX_TURN_MS);
      const turnMs = elapsedMs() - beganAtMs;
      await acceptOthers(turnMs);
      await pause(Math.min(pauseFactor * turnMs, MAX_PAUSE_MS));
    }
    isRunning = false;
  }

  /** Pauses as long as other work makes use of it. */
  async function pause(ms: number): Promise<void> {
    for (let leftMs = ms; waiting.size > 0 && leftMs > 0; leftMs -= 1) {
      const before = performance.eventLoopUtilization();
      await wait(Math.min(leftMs, 1));
      if (performance.eventLoopUtilization(before).utilization < IN_USE) return;
    }
  }

  return async (client, over) =>
    new Promise((resolve, reject) => {
      const signal = waiting.size > 0 ? over?.() : undefined;
      signal?.throwIfAborted();
      if (!waiting.add(client, resolve)) throw overloaded('Too many others wait.');
      signal?.addEventListener('abort', () => {
        waiting.delete(client, resolve);
        reject(signal.reason);
      });
      if (!isRunning) void run();
    });
}

/**
 * Node accepts one connection per turn of the event loop. Of a hundred that come at once with an operation each, the last would
 * wait for ninety-nine operations before it is read. Therefore as many are accepted as if no turn took longer
 * than a millisecond.
 */
async function acceptOthers(turnMs: number): Promise<void> {
  for (let accepted = 1; accepted < Math.min(turnMs, MAX_ACCEPTED); accepted += 1) await nextTurn();
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Node runs `nextTick` callbacks when no promise is left that could continue. */
const untilItWaits = () => new Promise<void>((resolve) => nextTick(resolve));
