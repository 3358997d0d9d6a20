import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Exchange } from '../../exchange.ts';
import { type Middleware, refusal } from '../middleware.ts';

/**
 * Allows each viewer `perMinute` requests for GraphQL and trust bundles per minute. Responses say how many are left
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/). Each process counts for itself.
 */
export function limitRate(perMinute: number): Middleware {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  const states = new WeakMap<Exchange, RateLimiterRes>();
  const tooMany = {
    message: `Expected up to ${perMinute} requests a minute.`,
    extensions: { code: 'RATE_LIMITED' },
  };
  return {
    async before(exchange) {
      if (!exchange.viewer) return undefined;
      const state = await limiter.consume(exchange.viewer.name).catch((refused) => refused);
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
