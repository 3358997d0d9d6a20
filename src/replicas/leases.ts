import type { Clock } from '../time/clock.ts';
import type { Wait } from '../time/patience.ts';
import type { Redis } from './redis.ts';
import { evalArgs } from './script.ts';

/** What one replica does at a time. */
export type Leases = {
  /**
   * Takes the lease or keeps it, for so long. False if another replica has it; undefined if Redis does not answer, so that nobody
   * knows.
   */
  hold(key: string, forMs: number, wait?: Wait): Promise<boolean | undefined>;
  /** Gives it back, if this replica has it. */
  release(key: string): Promise<void>;
  /**
   * Runs something while no other replica runs something with the same key. After `forMs`, and where Redis does not answer, it
   * runs all the same.
   */
  inTurn<R>(key: string, limits: TurnLimits, run: () => Promise<R>): Promise<R>;
};

/** For how long another replica may be waited for, and how Redis is. */
export type TurnLimits = { forMs: number; wait?: Wait | undefined };

export type LeasesOptions = {
  redis: Pick<Redis, 'ask'>;
  /** Names this process. */
  replica: string;
  clock: Pick<Clock, 'elapsedMs' | 'later'>;
};

/** Where Redis's clock was set back, a lease would last longer by as much. */
const HOLD = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
  return 0
end
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
  const commandOf = (script: string, key: string, ...args: string[]) => ({
    name: 'lease',
    key,
    args: evalArgs(script, [key], [replica, ...args]),
    isUrgent: true,
  });

  const hold: Leases['hold'] = async (key, forMs, wait) =>
    redis.ask(commandOf(HOLD, key, `${forMs}`), yesOrNo, wait);

  async function release(key: string): Promise<void> {
    await redis.ask(commandOf(RELEASE, key), yesOrNo);
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
    inTurn: async (key, { forMs, wait }, run) => {
      const untilMs = elapsedMs() + forMs;
      let isHeld = await hold(key, LEASE_MS, wait);
      while (isHeld === false && elapsedMs() < untilMs) {
        await new Promise<void>((resolve) => later(resolve, RETRY_MS));
        isHeld = await hold(key, LEASE_MS);
      }
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
