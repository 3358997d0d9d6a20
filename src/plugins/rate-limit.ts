import type { Plugin } from 'graphql-yoga';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { refusal } from './refusal.ts';
import type { RequestIds } from './request-id.ts';

/**
 * At most `perMinute` requests to `path` a minute from each caller, as `callerOf` tells them apart; the answers say
 * how many are left (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/).
 */
export function useRateLimit(
  perMinute: number,
  path: string,
  callerOf: (request: Request) => string,
  requestIds: RequestIds,
): Plugin {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  const states = new WeakMap<Request, RateLimiterRes>();
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== path) return;
      const state = await limiter.consume(callerOf(request)).catch((refused) => refused);
      if (!(state instanceof RateLimiterRes)) throw state;
      states.set(request, state);
      if (state.consumedPoints > perMinute)
        endResponse(
          refusal(fetchAPI, 429, 'RATE_LIMITED', `Expected up to ${perMinute} requests a minute.`, {
            'retry-after': seconds(state),
            'x-request-id': requestIds(request),
          }),
        );
    },
    onResponse({ request, response }) {
      const state = states.get(request);
      if (!state) return;
      response.headers.set('ratelimit-limit', `${perMinute}`);
      response.headers.set('ratelimit-remaining', `${state.remainingPoints}`);
      response.headers.set('ratelimit-reset', seconds(state));
    },
  };
}

const seconds = ({ msBeforeNext }: RateLimiterRes) => `${Math.ceil(msBeforeNext / 1000)}`;
