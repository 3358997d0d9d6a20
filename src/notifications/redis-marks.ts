import { randomUUID } from 'node:crypto';
import type { Replicas } from '../replicas/replicas.ts';
import { evalArgs } from '../replicas/script.ts';
import { CLAIM_MS, type Claim, type Kept, type MarkStore, type Marks, rememberingMarks } from './marks.ts';

/** Longer than any certificate lives. The time begins again with every mark. */
const KEPT_SECONDS = 400 * 24 * 60 * 60;

/** Where Redis's clock was set back, a claim would last longer by as much. */
const CLAIM = `
local claims = {}
for i = 2, #KEYS do
  local holder = redis.call('GET', KEYS[i])
  if redis.call('HEXISTS', KEYS[1], ARGV[i + 1]) == 1 then
    claims[i - 1] = 'sent'
  elseif holder and holder ~= ARGV[1] then
    claims[i - 1] = 'busy'
    if redis.call('PTTL', KEYS[i]) > tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
  else
    claims[i - 1] = 'mine'
    redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
  end
end
return claims`;

const RELEASE = `
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
return 1`;

/** The field beside the marks that names the era. It stays when they are all removed, and is gone when Redis is emptied. */
const ERA = 'era';

const ADD = `
local era = redis.call('HGET', KEYS[1], '${ERA}') or ARGV[2]
redis.call('HSET', KEYS[1], '${ERA}', era)
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return era`;

/** Marks that the replicas share. */
export function createRedisMarks(replicas: Pick<Replicas, 'redis' | 'keys' | 'name'>): Marks {
  return {
    in: (sink, place) => rememberingMarks(storeIn(replicas, sink, place)),
    areKept: true,
    close: () => undefined,
  };
}

function storeIn(
  { redis, keys, name: replica }: Pick<Replicas, 'redis' | 'keys' | 'name'>,
  sink: string,
  place: string,
): MarkStore {
  const all = keys.of(place, `notified:${sink}`);
  const claimOf = (id: string) => keys.of(place, `notifying:${sink}:${id}`);

  const ask = async <R>(args: string[], read: (reply: unknown) => R, on: string[] = [all]) =>
    redis.ask({ name: 'notices', key: all, keys: on, args }, read);

  const evaluate = async <R>(script: string, on: string[], args: string[], read: (reply: unknown) => R) =>
    ask(evalArgs(script, on, args), read, on);

  async function release(ids: readonly string[]): Promise<void> {
    await evaluate(RELEASE, ids.map(claimOf), [replica], Number);
  }

  return {
    sent: async () => ask(['HGETALL', all], keptOf),
    claim: async (ids) => {
      const args = [replica, `${CLAIM_MS}`, ...ids];
      const claims = await evaluate(CLAIM, [all, ...ids.map(claimOf)], args, claimsOf);
      return claims && new Map(ids.map((id, i) => [id, claims[i] ?? 'mine']));
    },
    release,
    add: async (marks) => {
      const pairs = marks.flatMap(({ id, about }) => [id, about]);
      const era = await evaluate(ADD, [all], [`${KEPT_SECONDS}`, randomUUID(), ...pairs], eraOf);
      await release(marks.map(({ id }) => id));
      return era;
    },
    remove: async (ids) => {
      if (ids.length > 0) await ask(['HDEL', all, ...ids], Number);
    },
  };
}

function keptOf(reply: unknown): Kept {
  if (!Array.isArray(reply)) throw new Error('no list in the answer');
  const pairs = reply.flatMap((id, i) => (i % 2 === 0 ? [{ id: `${id}`, about: `${reply[i + 1]}` }] : []));
  const era = pairs.find(({ id }) => id === ERA)?.about ?? '';
  return { era, marks: pairs.filter(({ id }) => id !== ERA) };
}

function eraOf(reply: unknown): string {
  if (typeof reply !== 'string') throw new Error('no era in the answer');
  return reply;
}

function claimsOf(reply: unknown): Claim[] {
  if (!Array.isArray(reply)) throw new Error('no list in the answer');
  return reply.map((word) => (word === 'sent' || word === 'busy' ? word : 'mine'));
}
