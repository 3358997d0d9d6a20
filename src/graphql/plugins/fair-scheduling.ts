import { performance } from 'node:perf_hooks';
import { nextTick } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Exchange } from '../../exchange.ts';
import { createFairQueue, type FairQueueOptions } from '../../fair-queue.ts';
import type { ServerContext } from './operation.ts';

/**
 * Resolves when it is a client's turn; rejects at once where there is no room to wait. `over` is asked for where others
 * wait already: when it is aborted, the turn is given up with its reason.
 */
export type FairScheduler = (client: string, over?: () => AbortSignal) => Promise<void>;

export type UseFairSchedulingOptions = {
  /** Whether a document has been parsed and validated before. */
  isKnown: (document: string) => boolean;
  clientOf: (exchange: Exchange) => string;
  ofKnown: FairScheduler;
  ofNew: FairScheduler;
  /** How long a request may take, from when it came. */
  timeoutMs: number;
};

/** Has operations begin one after the other, so that others get their share of the event loop however many come at once. */
export function useFairScheduling(
  options: UseFairSchedulingOptions,
): Plugin<Record<never, never>, ServerContext> {
  const { isKnown, clientOf, ofKnown, ofNew, timeoutMs } = options;

  /**
   * No longer than its client waits, and than its time allows. What waits is put aside: in memory, what a body says can be
   * thirty times as long as the body, as in `[{},{}]`.
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
    if (leftMs() <= 0) throw tooLate(); // a timer can be late where there is much to do
  }

  return {
    onParams: async ({ params, request, context: { exchange } }) => {
      const { query = '' } = params;
      if (typeof query !== 'string') return; // and is refused
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

/** What a body says, once more. */
const parametersOf = async (request: Request, query: string): Promise<object> =>
  request.headers.get('content-type')?.startsWith('application/json') ? request.json() : { query };

/** For the log, in which it is as if the client had gone while AWS was asked. */
const gone = () => new GraphQLError('The client has gone.', { extensions: { code: 'UPSTREAM_TIMEOUT' } });

const tooLate = () => overloaded('Its time was over before it could begin.');

const overloaded = (why: string) =>
  new GraphQLError(`The service has too much to do. ${why} Nothing of the operation was done.`, {
    extensions: { code: 'OVERLOADED', http: { status: 503, headers: { 'retry-after': '1' } } },
  });

/** For how long operations begin in one turn of the event loop. Kept answers and health checks wait for its end. */
const MAX_TURN_MS = 1;

/** One pause is no longer than that, also where the process itself was held up during a turn. */
const MAX_PAUSE_MS = 20;

/** However long a turn was, so many connections that wait are taken after it. */
const MAX_ACCEPTED = 500;

/** A pause is over where others made use of less than this part of a millisecond of it. */
const IN_USE = 0.5;

export type FairSchedulerOptions = Partial<FairQueueOptions> & {
  elapsedMs: () => number;
  /** After a turn, while others wait, there is a pause of so many times as long, if others make use of it. */
  pauseFactor?: number;
};

/** Who asks begins in the next turn of the event loop, unless that is long already; all clients get as much time. */
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

  /** As long as others make use of it. */
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
 * Node accepts one connection in each turn of the event loop: of a hundred that come at once with an operation each, the
 * last would wait for ninety-nine operations before anything of it is read. So as many are accepted as if no turn took
 * longer than a millisecond.
 */
async function acceptOthers(turnMs: number): Promise<void> {
  for (let accepted = 1; accepted < Math.min(turnMs, MAX_ACCEPTED); accepted += 1) await nextTurn();
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Node calls what is given to `nextTick` when no promise is left that could go on. */
const untilItWaits = () => new Promise<void>((resolve) => nextTick(resolve));
