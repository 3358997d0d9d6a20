import type { Clock } from '../clock.ts';
import type { Redis } from './redis.ts';
import { evalArgs } from './script.ts';

/** What one replica does at a time. */
export type Leases = {
  /**
   * Takes the lease or keeps it, for so long. False if another replica has it; undefined if Redis does not answer, so that nobody
   * knows.
   */
  hold(key: string, forMs: number): Promise<boolean | undefined>;
  /** Gives it back, if this replica has it. */
  release(key: string): Promise<void>;
  /**
   * Runs something while no other replica runs something with the same key. After `patienceMs`, and where Redis does not answer, it
   * runs all the same.
   */
  inTurn<R>(key: string, patienceMs: number, run: () => Promise<R>): Promise<R>;
};

export type LeasesOptions = {
  redis: Pick<Redis, 'ask'>;
  /** Names this process. */
  replica: string;
  clock: Pick<Clock, 'elapsedMs' | 'later'>;
};

const HOLD = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** A replica that was killed keeps the others waiting for so long. */
const LEASE_MS = 3000;
const RENEW_MS = 1000;

/** The pause between two attempts to take a lease. */
const RETRY_MS = 100;

export function createLeases({ redis, replica, clock: { elapsedMs, later } }: LeasesOptions): Leases {
  const evaluate = async (script: string, key: string, ...args: string[]) =>
    redis.ask(
      { name: 'lease', key, args: evalArgs(script, [key], [replica, ...args]), patience: 'first' },
      yesOrNo,
    );

  const hold = async (key: string, forMs: number) => evaluate(HOLD, key, `${forMs}`);

  async function release(key: string): Promise<void> {
    await evaluate(RELEASE, key);
  }

  /** Until the returned function is called. */
  function keepHolding(key: string): () => void {
    let cancel = () => {};
    function renewLater(): void {
      cancel = later(() => {
        void hold(key, LEASE_MS);
        renewLater();
      }, RENEW_MS);
    }
    renewLater();
    return () => cancel();
  }

  return {
    hold,
    release,
    inTurn: async (key, patienceMs, run) => {
      const untilMs = elapsedMs() + patienceMs;
      while ((await hold(key, LEASE_MS)) === false && elapsedMs() < untilMs)
        await new Promise<void>((resolve) => later(resolve, RETRY_MS));
      const stop = keepHolding(key);
      try {
        return await run();
      } finally {
        stop();
        void release(key);
      }
    },
  };
}

function yesOrNo(reply: unknown): boolean {
  if (reply !== 0 && reply !== 1) throw new Error('no number in the answer');
  return reply === 1;
}
