import { performance } from 'node:perf_hooks';
import { nextTick } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { createFairQueue, type FairQueueOptions } from '../collections/fair-queue.ts';

/** Why an operation that waits shall not begin; undefined if it shall. */
export type Refusal = () => GraphQLError | undefined;

/** Resolves when it is the client's turn; undefined if that is now. Rejects at once if too many wait, or as `refusal` says. */
export type FairScheduler = {
  (client: string, refusal?: Refusal): Promise<void> | undefined;
  /** Begins what waits for nothing, if it may begin now. Call the result at its end, before anything else happens. */
  atOnce(client: string): (() => void) | undefined;
};

/** For how long operations begin at once in one turn of the event loop. */
const MAX_AT_ONCE_MS = 5;

/** For how long waiting ones begin in one turn. Cached responses and health checks wait for its end. */
const MAX_TURN_MS = 1;

/** The longest pause, even if the process itself was delayed during a turn. */
const MAX_PAUSE_MS = 20;

/** At most this many waiting connections are accepted after a turn, however long it was. */
const MAX_ACCEPTED = 500;

/** A pause ends when other work used less than this part of a millisecond of it. */
const IN_USE = 0.5;

/** How often those are looked for who shall wait no longer. */
const REFUSE_EVERY_MS = 100;

export type FairSchedulerOptions = Partial<FairQueueOptions> & {
  elapsedMs: () => number;
  /** A turn is followed by a pause of this many times its length, if other work makes use of it. */
  pauseFactor?: number;
};

type Waiting = { begin: () => void; refuse: (reason: GraphQLError) => void; refusal: Refusal };

/**
 * Operations begin at once while they leave time for other work. The others wait: each turn of the event loop begins operations
 * for about a millisecond, and all clients get equal time.
 */
export function createFairScheduler(options: FairSchedulerOptions): FairScheduler {
  const { elapsedMs, pauseFactor = 0, max = Number.POSITIVE_INFINITY, maxOfClient = max } = options;
  const waiting = createFairQueue<Waiting>({ max, maxOfClient });
  let isRunning = false;
  let refusedAtMs = 0;
  /** Whether an operation has begun at once and does not wait yet. */
  let isBusy = false;
  /** When operations began at once in this turn of the event loop, and when the last one had to wait or was done. */
  let turn: { beganAtMs: number; endedAtMs: number } | undefined;

  const hasTime = (nowMs: number) => !turn || nowMs - turn.beganAtMs <= MAX_AT_ONCE_MS;

  /** Returns what is to be called at the end; undefined if it may not begin now. */
  function atOnce(client: string): (() => void) | undefined {
    const nowMs = elapsedMs();
    if (isRunning || isBusy || !hasTime(nowMs)) return undefined;
    const own = turn ?? { beganAtMs: nowMs, endedAtMs: nowMs };
    if (!turn) setImmediate(() => void endTurn(own));
    turn = own;
    return () => {
      own.endedAtMs = elapsedMs();
      waiting.charge(client, own.endedAtMs - nowMs);
    };
  }

  async function endTurn({ beganAtMs, endedAtMs }: { beganAtMs: number; endedAtMs: number }): Promise<void> {
    await acceptOthers(endedAtMs - beganAtMs);
    turn = undefined;
  }

  async function run(): Promise<void> {
    isRunning = true;
    if (turn && hasTime(elapsedMs())) turn.endedAtMs = await beginWaiting(turn.beganAtMs + MAX_AT_ONCE_MS);
    while (waiting.size > 0) {
      await nextTurn();
      const beganAtMs = elapsedMs();
      refuse(beganAtMs);
      const turnMs = (await beginWaiting(beganAtMs + MAX_TURN_MS)) - beganAtMs;
      await acceptOthers(turnMs);
      await pause(Math.min(pauseFactor * turnMs, MAX_PAUSE_MS));
    }
    isRunning = false;
  }

  /** Begins one operation after the other until `untilMs`; at least one. Returns the time of its end. */
  async function beginWaiting(untilMs: number): Promise<number> {
    for (let nowMs = elapsedMs(); ; ) {
      const next = waiting.next();
      next?.item.begin();
      await untilItWaits();
      const startedAtMs = nowMs;
      nowMs = elapsedMs();
      if (next) waiting.charge(next.client, nowMs - startedAtMs);
      if (waiting.size === 0 || nowMs > untilMs) return nowMs;
    }
  }

  /** Refuses those who shall wait no longer, which makes room for others. */
  function refuse(nowMs: number): void {
    if (nowMs < refusedAtMs + REFUSE_EVERY_MS) return;
    refusedAtMs = nowMs;
    waiting.deleteIf((item) => {
      const reason = item.refusal();
      if (reason) item.refuse(reason);
      return reason !== undefined;
    });
  }

  /** Pauses as long as other work makes use of it. */
  async function pause(ms: number): Promise<void> {
    for (let leftMs = ms; waiting.size > 0 && leftMs > 0; leftMs -= 1) {
      const before = performance.eventLoopUtilization();
      await wait(Math.min(leftMs, 1));
      if (performance.eventLoopUtilization(before).utilization < IN_USE) return;
    }
  }

  function turns(client: string, refusal: Refusal = () => undefined): Promise<void> | undefined {
    const end = atOnce(client);
    if (end) {
      isBusy = true;
      whenItWaits(() => {
        isBusy = false;
        end();
        if (waiting.size > 0 && !isRunning) void run();
      });
      return undefined;
    }
    const { promise, resolve: begin, reject: refuse } = Promise.withResolvers<void>();
    if (!waiting.add(client, { begin, refuse, refusal })) refuse(overloaded('Too many others wait.'));
    else if (!isRunning && !isBusy) void run();
    return promise;
  }

  return Object.assign(turns, { atOnce });
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

/** Between promises, Node runs `nextTick` callbacks when none is left that could continue. */
const whenItWaits = (run: () => void) => queueMicrotask(() => nextTick(run));

const untilItWaits = () => new Promise<void>(whenItWaits);

/** The refusal of an operation for which there is no time. */
export const overloaded = (why: string) =>
  new GraphQLError(`The service has too much to do. ${why} Nothing of the operation was done.`, {
    extensions: { code: 'OVERLOADED', http: { status: 503, headers: { 'retry-after': '1' } } },
  });
