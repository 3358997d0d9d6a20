import { UpstreamError } from './errors.ts';

/** Who may call first: a change, what somebody wants to read, what nobody waits for. */
export type Urgency = (typeof URGENCIES)[number];

const URGENCIES = ['write', 'read', 'background'] as const;

/** The calls that a process makes of one AWS account and region, repeated ones included. */
export type CallBudget = {
  /**
   * Resolves when one more call may be made. Rejects with an `UpstreamError`: THROTTLED at once where too many wait,
   * UPSTREAM_TIMEOUT where `signal` is aborted before.
   */
  take(urgency: Urgency, signal: AbortSignal): Promise<void>;
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

/** While reads wait, one goes ahead after so many changes: one read can answer all who wait, and must not wait for ever. */
const WRITES_A_READ = 4;

type Waiting = { grant(): void };

/** A token bucket, at which the more urgent calls wait ahead of the others; but no number of changes keeps reads waiting. */
export function createCallBudget({
  perSecond,
  onHeldBack = () => undefined,
  elapsedMs = () => performance.now(),
  later = (run, ms) => {
    setTimeout(run, ms).unref();
  },
}: CallBudgetOptions): CallBudget {
  const burst = perSecond * BURST_SECONDS;
  const queues: Record<Urgency, Set<Waiting>> = { write: new Set(), read: new Set(), background: new Set() };
  let tokens = burst;
  let filledAtMs = elapsedMs();
  let isTimed = false;
  let writesSinceRead = 0;

  function fill(): void {
    const nowMs = elapsedMs();
    tokens = Math.min(burst, tokens + ((nowMs - filledAtMs) / 1000) * perSecond);
    filledAtMs = nowMs;
  }

  /** Those who wait once one of this urgency has been put behind them. */
  function aheadOf(urgency: Urgency): number {
    const last = URGENCIES.indexOf(urgency);
    return URGENCIES.slice(0, last + 1).reduce((ahead, other) => ahead + queues[other].size, 0);
  }

  function schedule(): void {
    if (isTimed || aheadOf('background') === 0) return;
    isTimed = true;
    later(grantDue, Math.ceil(((1 - tokens) / perSecond) * 1000));
  }

  const isReadDue = () => queues.read.size > 0 && writesSinceRead >= WRITES_A_READ;

  function spend(urgency: Urgency): void {
    tokens -= 1;
    if (urgency === 'write' && queues.read.size > 0) writesSinceRead += 1;
    if (urgency === 'read') writesSinceRead = 0;
  }

  function grantDue(): void {
    isTimed = false;
    fill();
    while (tokens >= 1) {
      const urgency = isReadDue() ? 'read' : URGENCIES.find((urgency) => queues[urgency].size > 0);
      if (urgency === undefined) return;
      const queue = queues[urgency];
      for (const waiting of queue.values().take(1)) {
        queue.delete(waiting);
        spend(urgency);
        waiting.grant();
      }
    }
    schedule();
  }

  function wait(urgency: Urgency, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const queue = queues[urgency];
    const giveUp = () => {
      queue.delete(waiting);
      reject(heldTooLong());
    };
    const waiting = {
      grant: () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      },
    };
    signal.addEventListener('abort', giveUp, { once: true });
    queue.add(waiting);
    schedule();
    return promise;
  }

  return {
    take: async (urgency, signal) => {
      if (perSecond === 0) return;
      if (signal.aborted) throw heldTooLong();
      fill();
      const ahead = aheadOf(urgency);
      if (ahead === 0 && tokens >= 1 && !isReadDue()) return spend(urgency);
      const isRefused = ahead >= perSecond * MAX_WAIT_SECONDS;
      onHeldBack(isRefused ? 'refused' : 'waited');
      if (isRefused) throw tooMany(Math.ceil(ahead / perSecond));
      await wait(urgency, signal);
    },
  };
}

const tooMany = (retryAfterSeconds: number) =>
  new UpstreamError(
    'THROTTLED',
    'This service spares the calls that AWS allows the account, and too many wait for theirs; try again later.',
    { retryAfterSeconds },
  );

/** Nothing was sent. */
export const heldTooLong = () =>
  new UpstreamError(
    'UPSTREAM_TIMEOUT',
    'The time for the operation was over before AWS was asked: this service spares the calls that AWS allows the account.',
  );
