import { UpstreamError } from '../errors.ts';
import { createFairQueue } from '../fair-queue.ts';

/** Who may call first: a change, what somebody wants to read, what nobody waits for. */
export type Urgency = (typeof URGENCIES)[number];

const URGENCIES = ['write', 'read', 'background'] as const;
const READS_FIRST = ['read', 'background', 'write'] as const;

/** The calls that a process makes of one AWS account and region, repeated ones included. */
export type CallBudget = {
  /**
   * Resolves when one more call may be made for a client. Rejects with an `UpstreamError`: THROTTLED at once where it
   * would wait for too long, UPSTREAM_TIMEOUT where `signal` is aborted before.
   */
  take(urgency: Urgency, client: string, signal: AbortSignal): Promise<void>;
};

export type CallBudgetOptions = {
  /** On average; 0: any number. */
  perSecond: number;
  /** Told of each call that has to wait, or that is refused. */
  onHeldBack?: (how: 'waited' | 'refused') => void;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs?: () => number;
  later?: (run: () => void, ms: number) => void;
};

/** So many seconds' calls may be made at once: AWS's own bucket has 40 for its 10 a second. */
const BURST_SECONDS = 4;

/** Who would wait for longer is refused. Most operations do not have more time, and a queue is to be short. */
const MAX_WAIT_SECONDS = 10;

/** While others wait, one goes ahead after so many changes: one read can answer all who wait, and must not wait for ever. */
const WRITES_A_READ = 4;

type Waiting = { grant(): void };

const createQueue = () =>
  createFairQueue<Waiting>({ max: Number.POSITIVE_INFINITY, maxOfClient: Number.POSITIVE_INFINITY });

/**
 * A token bucket, at which the more urgent calls wait ahead of the others, and the clients of each urgency in turn: no
 * number of changes keeps reads waiting, nor one client another.
 */
export function createCallBudget({
  perSecond,
  onHeldBack = () => undefined,
  elapsedMs = () => performance.now(),
  later = (run, ms) => {
    setTimeout(run, ms).unref();
  },
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

  /** How many have their call before one that a client would want now. */
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
    take: async (urgency, client, signal) => {
      if (perSecond === 0) return;
      if (signal.aborted) throw heldTooLong();
      fill();
      const ahead = aheadOf(urgency, client);
      if (ahead === 0 && tokens >= 1 && !isReadDue()) return spend(urgency);
      const isRefused = ahead >= perSecond * MAX_WAIT_SECONDS;
      onHeldBack(isRefused ? 'refused' : 'waited');
      if (isRefused) throw tooMany(Math.ceil(ahead / perSecond));
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
