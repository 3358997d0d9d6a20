import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Viewer } from '../../auth/viewer.ts';
import type { Exchange } from '../../exchange.ts';
import { digestOf } from '../../replicas/keys.ts';
import type { Replicas } from '../../replicas/replicas.ts';
import { evalArgs } from '../../replicas/script.ts';
import { type Middleware, refusal } from '../middleware.ts';

/**
 * Allows each client, known by the name of the viewer or by the address, `perMinute` requests for GraphQL and trust bundles per minute. Responses say how many are left
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/). All replicas count together; where
 * Redis does not answer, each process counts for itself.
 */
export function limitRate(
  perMinute: number,
  by: 'viewer' | 'address',
  replicas?: Pick<Replicas, 'redis' | 'keys'>,
): Middleware {
  const ownLimiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  const limiter = replicas ? sharedLimiter(ownLimiter, replicas) : ownLimiter;
  const states = new WeakMap<Exchange, RateLimiterRes>();
  const tooMany = {
    message: `Expected up to ${perMinute} requests a minute.`,
    extensions: { code: 'RATE_LIMITED' },
  };
  const clientOf = ({ name }: Viewer, { request }: Exchange): string =>
    by === 'address' ? (request.address ?? name) : name;
  return {
    async before(exchange) {
      if (!exchange.viewer) return undefined;
      const state = await limiter
        .consume(digestOf(clientOf(exchange.viewer, exchange)))
        .catch((refused) => refused);
      if (!(state instanceof RateLimiterRes)) throw state;
      states.set(exchange, state);
      if (state.consumedPoints <= perMinute) return undefined;
      return refusal(exchange, 429, tooMany, { 'retry-after': seconds(state) });
    },
    after(exchange, { headers }) {
      const state = states.get(exchange);
      if (!state) return;
      headers['ratelimit-limit'] = `${perMinute}`;
      headers['ratelimit-remaining'] = `${state.remainingPoints}`;
      headers['ratelimit-reset'] = seconds(state);
    },
  };
}

const seconds = ({ msBeforeNext }: RateLimiterRes) => `${Math.ceil(msBeforeNext / 1000)}`;

/** As the limiter has it itself, and where Redis's clock was set back, no count lasts longer than a new one. */
const COUNT = `
redis.call('SET', KEYS[1], 0, 'EX', ARGV[2], 'NX')
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
local ms, longest = redis.call('PTTL', KEYS[1]), 1000 * ARGV[2]
if ms < 0 or ms > longest then
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  ms = longest
end
return {count, ms}`;

/** `own` counts where Redis does not answer. */
function sharedLimiter(own: RateLimiterMemory, { redis, keys }: Pick<Replicas, 'redis' | 'keys'>) {
  async function evaluate(
    script: string,
    { keys, arguments: args }: { keys: string[]; arguments: string[] },
  ) {
    const [key = ''] = keys;
    const reply = await redis.ask(
      { name: 'limit', key, args: evalArgs(script, [key], args), isUrgent: true },
      countAndMs,
    );
    if (!reply) throw new Error('Redis does not answer.');
    return reply;
  }
  return new RateLimiterRedis({
    storeClient: { eval: evaluate },
    useRedisPackage: true, // it takes the client for that of another package otherwise
    keyPrefix: keys.ofAll('limit'),
    points: own.points,
    duration: own.duration,
    insuranceLimiter: own,
    customIncrTtlLuaScript: COUNT,
  });
}

function countAndMs(reply: unknown): [count: number, ms: number] {
  const [count, ms] = Array.isArray(reply) ? reply : [];
  if (typeof count !== 'number' || typeof ms !== 'number') throw new Error('no count in the answer');
  return [count, ms];
}
