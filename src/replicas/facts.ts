import type { Clock } from '../time/clock.ts';
import type { Keys } from './keys.ts';
import type { Redis } from './redis.ts';
import { evalArgs, NOW } from './script.ts';

/** Something that a replica knows of AWS, by a name under which the newest counts. */
export type Fact = {
  name: string;
  text: string;
  /** Its age, when it is told. */
  ageMs: number;
};

/** A fact that was told, and its age when it is heard. */
export type ToldFact = Fact & {
  /** When it was so, by Redis's clock. */
  at: Date;
};

/** All facts that the replicas have told each other about an account and region. Undefined means that Redis does not answer. */
export type Facts = {
  /** Tells facts, and forgets others. What is newer than they are stays. */
  tell(facts: readonly Fact[], forgotten: readonly Omit<Fact, 'text'>[]): Promise<boolean>;
  /**
   * What others have told since the last call of this replica on the same connection, and how many facts there are in all. For the
   * first time, it is all that Redis knows, also from this replica: that may be another Redis, or one from before.
   */
  news(): Promise<{ facts: ToldFact[]; count: number; isAll: boolean } | undefined>;
};

export type FactsOptions = {
  redis: Pick<Redis, 'ask' | 'opened'>;
  keys: Keys;
  accountRegion: string;
  /** Names this process. */
  replica: string;
  clock: Pick<Clock, 'elapsedMs'>;
};

/**
 * What nobody tells any more is forgotten after a day. The order is by time, so that it goes on after Redis has lost its memory. Ages
 * count from when it was told, which the replica knows to be no later than the second argument: Redis may take it much later. What is
 * from a time that is yet to come is from before its clock was set back.
 */
const TELL = `${NOW}
local told = math.min(now, tonumber(ARGV[2]))
local last = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local order = math.max(now, tonumber(last[2] or '0') + 1)
local forgotten = tonumber(ARGV[3])
local function isNewest(i)
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  local knownAt = tonumber(known and string.match(known, '^%d+') or '')
  local at = told - tonumber(ARGV[i + 1])
  return not knownAt or knownAt <= at or knownAt > now, at
end
for i = 4, 2 * forgotten + 3, 2 do
  if isNewest(i) then
    redis.call('HDEL', KEYS[1], ARGV[i])
    redis.call('ZREM', KEYS[2], ARGV[i])
  end
end
for i = 2 * forgotten + 4, #ARGV, 3 do
  local newest, at = isNewest(i)
  if newest then
    redis.call('HSET', KEYS[1], ARGV[i], string.format('%.0f', at) .. ' ' .. ARGV[1] .. ' ' .. ARGV[i + 2])
    redis.call('ZADD', KEYS[2], string.format('%.0f', order), ARGV[i])
  end
end
redis.call('EXPIRE', KEYS[1], 86400)
redis.call('EXPIRE', KEYS[2], 86400)
return 'OK'`;

/** Facts that were told together have the same place in the order, and so are sent together. */
const NEWS = `${NOW}
local some = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
local last = some[#some] or ARGV[2]
local names = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], last)
local told = {}
for _, name in ipairs(names) do
  local fact = redis.call('HGET', KEYS[1], name)
  if fact then
    local at, replica, text = string.match(fact, '^(%d+) (%S+) (.*)$')
    if at and replica ~= ARGV[1] then
      told[#told + 1] = name
      told[#told + 1] = at
      told[#told + 1] = text
    end
  end
end
local count = math.min(redis.call('HLEN', KEYS[1]), redis.call('ZCARD', KEYS[2]))
return {string.format('%.0f', now), last, count, #names, told}`;

/** So many facts are told at once, of about a kilobyte each, and twice as many are heard at once at most. */
const MAX_FACTS = 200;

/** Their keys are with the epochs on one server of a cluster, which so sees a fact before the change that it is part of. */
export function createFacts({ redis, keys, accountRegion, replica, clock }: FactsOptions): Facts {
  const key = keys.ofAll(`facts:${accountRegion}`);
  const both = [key, keys.ofAll(`order:${accountRegion}`)] as const;
  /** The last that was heard of its facts, and of its time. */
  let server = { ...redis.opened(), last: '0' };

  /** With a new connection it begins again: the clock of that server may be behind. */
  function current() {
    const opened = redis.opened();
    if (opened.number !== server.number) server = { ...opened, last: '0' };
    return server;
  }

  const ask = async <R>(name: string, script: string, args: string[], read: (reply: unknown) => R) =>
    redis.ask({ name, key, keys: both, args: evalArgs(script, both, args) }, read);

  return {
    tell: async (facts, forgotten) => {
      const others = forgotten.flatMap(({ name, ageMs }) => [name, `${Math.ceil(ageMs)}`]);
      const { nowMs, askedAtMs } = current();
      const latest = Math.ceil(nowMs + clock.elapsedMs() - askedAtMs);
      const told: Promise<true | undefined>[] = [];
      for (let from = 0; from === 0 || from < facts.length; from += MAX_FACTS) {
        const some = facts
          .slice(from, from + MAX_FACTS)
          .flatMap(({ name, ageMs, text }) => [name, `${Math.ceil(ageMs)}`, text]);
        const ended = from === 0 ? others : [];
        told.push(ask('tell', TELL, [replica, `${latest}`, `${ended.length / 2}`, ...ended, ...some], ok));
      }
      return (await Promise.all(told)).every((isTold) => isTold);
    },
    news: async () => {
      const facts: ToldFact[] = [];
      let isAll = false;
      for (;;) {
        const asked = current();
        isAll ||= asked.last === '0';
        const askedAtMs = clock.elapsedMs();
        const page = await ask('news', NEWS, [isAll ? '' : replica, asked.last, `${MAX_FACTS}`], newsOf);
        if (!page) return undefined;
        facts.push(...page.facts);
        Object.assign(asked, { nowMs: page.nowMs, askedAtMs, last: page.last });
        if (page.found < MAX_FACTS) return { facts, count: page.count, isAll };
      }
    },
  };
}

function ok(reply: unknown): true {
  if (reply !== 'OK') throw new Error('no OK in the answer');
  return true;
}

function newsOf(reply: unknown) {
  const [now, last, count, found, told] = Array.isArray(reply) ? reply : [];
  const isGood = [now, last].every((text) => typeof text === 'string' && Number(text) >= 0);
  if (!isGood || typeof count !== 'number' || typeof found !== 'number' || !Array.isArray(told))
    throw new Error('no facts in the answer');
  const facts: ToldFact[] = [];
  for (let i = 0; i + 2 < told.length; i += 3) {
    const [name, at, text] = told.slice(i, i + 3).map(String);
    facts.push({
      name: name ?? '',
      text: text ?? '',
      ageMs: Math.max(0, Number(now) - Number(at)),
      at: new Date(Number(at)),
    });
  }
  return { nowMs: Number(now), last: String(last), count, found, facts };
}
