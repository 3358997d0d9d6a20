import { createFairQueue } from '../collections/fair-queue.ts';
import { UpstreamError } from '../errors/errors.ts';

/** The priority of a call: changes first, then reads, then reads that no client waits for. */
export type Urgency = (typeof URGENCIES)[number];

const URGENCIES = ['write', 'read', 'background'] as const;
const READS_FIRST = ['read', 'background', 'write'] as const;

/** The budget of calls of a process to one AWS account and region, retries included. */
export type CallBudget = {
  /**
   * Resolves when the client may make one more call. Rejects with an `UpstreamError`: THROTTLED at once if it would wait
   * for too long, UPSTREAM_TIMEOUT if `signal` is aborted first. Calls `onHeld` if it has to wait.
   */
  take(urgency: Urgency, client: string, signal: AbortSignal, onHeld?: () => void): Promise<void>;
  /** Whether a call waits for the budget. */
  isHolding(): boolean;
};

export type CallBudgetOptions = {
  /** On average; 0 disables the bound. */
  perSecond: number;
  /** Called when a call has to wait, or is refused. */
  onHeldBack?: (how: 'waited' | 'refused') => void;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  later: (run: () => void, ms: number) => void;
};

/** The burst: calls of this many seconds. AWS's own bucket has a burst of 40 for its 10 per second. */
const BURST_SECONDS = 4;

/** A call that would wait for longer is refused. Most operations do not have more time, and queues should be short. */
const MAX_WAIT_SECONDS = 10;

/** After this many changes a waiting read goes first: one read can answer everyone who waits, and must not starve. */
const WRITES_A_READ = 4;

type Waiting = { grant(): void };

const createQueue = () =>
  createFairQueue<Waiting>({ max: Number.POSITIVE_INFINITY, maxOfClient: Number.POSITIVE_INFINITY });

/**
 * A token bucket. More urgent calls go first, and within an urgency clients take turns, so neither many changes starve
 * reads, nor one client another.
 */
export function createCallBudget({
  perSecond,
  onHeldBack = () => undefined,
  elapsedMs,
  later,
}: CallBudgetOptions): CallBudget {
  const burst = perSecond * BURST_SECONDS;
  const queues = { write: createQueue(), read: createQueue(), background: createQueue() };
  let tokens = burst;
  let filledAtMs = elapsedMs();
  let isTimed = false;
  let writesSinceRead = 0;

  function fill(): void {
    const nowMs = elapsedMs();
    tokens = Math.min(burst, tokens + ((nowMs - filledAtMs) / 1000) * perSecond);
    filledAtMs = nowMs;
  }

  const waitingInAll = () => URGENCIES.reduce((sum, urgency) => sum + queues[urgency].size, 0);

  /** How many calls would be made before one that the client asks for now. */
  function aheadOf(urgency: Urgency, client: string): number {
    const asUrgent = queues[urgency].ahead(client);
    if (urgency === 'write') return asUrgent;
    const changes = Math.min(queues.write.size, (asUrgent + 1) * WRITES_A_READ);
    return asUrgent + changes + (urgency === 'background' ? queues.read.size : 0);
  }

  function schedule(): void {
    if (isTimed || waitingInAll() === 0) return;
    isTimed = true;
    later(grantDue, Math.ceil(((1 - tokens) / perSecond) * 1000));
  }

  const isReadDue = () => waitingInAll() > queues.write.size && writesSinceRead >= WRITES_A_READ;

  function spend(urgency: Urgency): void {
    tokens -= 1;
    if (urgency !== 'write') writesSinceRead = 0;
    else if (waitingInAll() > queues.write.size) writesSinceRead += 1;
  }

  function nextUrgency(): Urgency | undefined {
    const order: readonly Urgency[] = isReadDue() ? READS_FIRST : URGENCIES;
    return order.find((urgency) => queues[urgency].size > 0);
  }

  function grantDue(): void {
    isTimed = false;
    fill();
    while (tokens >= 1) {
      const urgency = nextUrgency();
      const next = urgency && queues[urgency].next();
      if (!next) return;
      queues[urgency].charge(next.client, 1);
      spend(urgency);
      next.item.grant();
    }
    schedule();
  }

  function wait(urgency: Urgency, client: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const queue = queues[urgency];
    const giveUp = () => {
      queue.delete(client, waiting);
      reject(heldTooLong());
    };
    const waiting = {
      grant: () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      },
    };
    signal.addEventListener('abort', giveUp, { once: true });
    queue.add(client, waiting);
    schedule();
    return promise;
  }

  return {
    isHolding: () => waitingInAll() > 0,
    take: async (urgency, client, signal, onHeld) => {
      if (perSecond === 0) return;
      if (signal.aborted) throw heldTooLong();
      fill();
      const ahead = aheadOf(urgency, client);
      if (ahead === 0 && tokens >= 1 && !isReadDue()) return spend(urgency);
      const isRefused = ahead >= perSecond * MAX_WAIT_SECONDS;
      onHeldBack(isRefused ? 'refused' : 'waited');
      if (isRefused) throw tooMany(Math.ceil(ahead / perSecond));
      onHeld?.();
      await wait(urgency, client, signal);
    },
  };
}

const tooMany = (retryAfterSeconds: number) =>
  new UpstreamError(
    'THROTTLED',
    'Too many AWS calls are waiting, since this service bounds how many it makes; try again later.',
    { retryAfterSeconds },
  );

/** Nothing was sent. */
export const heldTooLong = () =>
  new UpstreamError(
    'UPSTREAM_TIMEOUT',
    'The operation timed out before AWS was asked, since this service bounds how many AWS calls it makes.',
  );
