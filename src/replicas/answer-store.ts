import type { Wait } from '../time/patience.ts';
import type { Keys } from './keys.ts';
import type { Command, Redis, RedisWatcher } from './redis.ts';
import { evalArgs, NOW } from './script.ts';

/** What the replicas know together about a question, and who of them asks AWS. */
export type Taken = {
  /**
   * `fresh`: the answer counts. `lease`: this replica is to ask AWS. `busy`: another one is asking. `alone`: another one has just
   * failed, so that nobody waits for anybody.
   */
  how: 'fresh' | 'lease' | 'busy' | 'alone';
  /** When AWS was asked, or is, in milliseconds by Redis's clock: of the lease if it is `busy`. */
  at: string;
  /** The age of the answer that there is, fresh or not. */
  ageMs: number;
  /** Names its text; empty if there is none. */
  hash: string;
  /** Its text, unless it is the one with the hash that is `known`. */
  text: string;
};

export type TakeOptions = {
  leaseMs: number;
  /** For how long at most a failure keeps the replicas from waiting for each other. */
  failedMs: number;
  /** The hash of a text that need not be sent. */
  known: string;
  /** `at` of the lease that this replica has waited for: its answer counts, whatever its age. */
  awaited: string;
  /** An older answer does not count. */
  maxAgeMs: number;
  wait?: Wait;
};

export type Put = {
  at: string;
  hash: string;
  text: string;
  keepMs: number;
  /** Whether the text was stored when AWS was asked. Then it is only sent if it is not there any more. */
  isStored: boolean;
};

/** The answers to questions. Where Redis does not answer, nothing is known and nothing happens. */
export type AnswerStore = {
  take(question: string, options: TakeOptions): Promise<Taken | undefined>;
  /** Keeps an answer, unless a newer one is known, and ends the lease. */
  put(question: string, answer: Put): Promise<void>;
  /** Ends a lease without an answer. For `failedMs`, none of the replicas waits for another. */
  release(question: string, at: string, failedMs: number): Promise<void>;
  /** Forgets an answer that cannot be read. */
  drop(question: string): Promise<void>;
};

export type AnswerStoreOptions = {
  redis: Pick<Redis, 'ask'>;
  watcher: Pick<RedisWatcher, 'read'>;
  keys: Keys;
  accountRegion: string;
  /** Names this process. */
  replica: string;
};

/**
 * An answer or a lease from a time that is yet to come counts for nobody, nor does a failure that ends later than a new one would: Redis's
 * clock was set back since.
 */
const TAKE = `${NOW}
local answer = redis.call('HMGET', KEYS[1], 'at', 'hash')
local at = tonumber(answer[1] or '')
local age, text, how, since = -1, '', 'busy', now
if at then
  age = now - at
  if answer[2] ~= ARGV[3] then text = redis.call('HGET', KEYS[1], 'text') or '' end
end
if age >= 0 and (age < tonumber(ARGV[1]) or (ARGV[4] ~= '' and at >= tonumber(ARGV[4]))) then
  how, since = 'fresh', at
else
  local lease = redis.call('GET', KEYS[2])
  local leased = tonumber(lease and string.match(lease, '^%d+') or '')
  if lease == 'failed' and redis.call('PTTL', KEYS[2]) <= tonumber(ARGV[6]) then
    how = 'alone'
  elseif leased and leased <= now and now - leased < tonumber(ARGV[2]) then
    since = leased
  else
    how = 'lease'
    redis.call('SET', KEYS[2], string.format('%.0f', now) .. ' ' .. ARGV[5], 'PX', ARGV[2])
  end
end
return {how, string.format('%.0f', since), age, answer[2] or '', text}`;

const PUT = `${NOW}
local known = redis.call('HMGET', KEYS[1], 'at', 'hash')
if known[2] ~= ARGV[2] and ARGV[4] == '' then return 'text' end
if redis.call('GET', KEYS[2]) == ARGV[5] then redis.call('DEL', KEYS[2]) end
local at = tonumber(known[1] or '') or 0
if at > tonumber(ARGV[1]) and at <= now then return 'OK' end
redis.call('HSET', KEYS[1], 'at', ARGV[1])
if known[2] ~= ARGV[2] then redis.call('HSET', KEYS[1], 'hash', ARGV[2], 'text', ARGV[4]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 'OK'`;

const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'OK' end
if ARGV[2] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], 'failed', 'PX', ARGV[2]) end
return 'OK'`;

/** A question is asked in an epoch, whose name is part of it: in the next one, nobody looks for its answer. */
export function createAnswerStore({
  redis,
  watcher,
  keys,
  accountRegion,
  replica,
}: AnswerStoreOptions): AnswerStore {
  const keysOf = (question: string): [string, string] => [
    keys.of(accountRegion, `answer:${question}`),
    keys.of(accountRegion, `lease:${question}`),
  ];
  const leaseOf = (at: string) => `${at} ${replica}`;

  const evaluate = (
    name: string,
    script: string,
    own: readonly [string, ...string[]],
    args: string[],
  ): Command => ({
    name,
    key: own[0],
    keys: own,
    args: evalArgs(script, own, args),
  });

  async function release(question: string, at: string, failedMs: number): Promise<void> {
    const [, lease] = keysOf(question);
    await redis.ask(evaluate('release', RELEASE, [lease], [leaseOf(at), `${failedMs}`]), done);
  }

  return {
    take: async (question, { leaseMs, failedMs, known, awaited, maxAgeMs, wait }) => {
      const args = [`${maxAgeMs}`, `${leaseMs}`, known, awaited, replica, `${failedMs}`];
      const command = evaluate('take', TAKE, keysOf(question), args);
      let isLate = false;
      function read(reply: unknown): Taken {
        const taken = takenOf(reply);
        watcher.read(taken.how);
        if (isLate && taken.how === 'lease') void release(question, taken.at, 0);
        return taken;
      }
      const taken = await redis.ask({ ...command, isUrgent: true }, read, wait);
      isLate = taken === undefined;
      return taken;
    },
    put: async (question, { at, hash, text, keepMs, isStored }) => {
      const put = (text: string) =>
        redis.ask(evaluate('put', PUT, keysOf(question), [at, hash, `${keepMs}`, text, leaseOf(at)]), done);
      if ((await put(isStored ? '' : text)) === 'text') await put(text);
    },
    release,
    drop: async (question) => {
      const [answer] = keysOf(question);
      await redis.ask({ name: 'drop', key: answer, args: ['DEL', answer] }, () => undefined);
    },
  };
}

/** `text`: a text was not sent that is not known. */
function done(reply: unknown): 'OK' | 'text' {
  if (reply !== 'OK' && reply !== 'text') throw new Error('no OK in the answer');
  return reply;
}

const HOW = ['fresh', 'lease', 'busy', 'alone'] as const;

function takenOf(reply: unknown): Taken {
  const [how, at, ageMs, hash, text] = Array.isArray(reply) ? reply : [];
  const known = HOW.find((word) => word === how);
  if (
    !known ||
    typeof at !== 'string' ||
    typeof ageMs !== 'number' ||
    typeof hash !== 'string' ||
    typeof text !== 'string'
  )
    throw new Error('no answer that was asked for');
  return { how: known, at, ageMs, hash, text };
}
