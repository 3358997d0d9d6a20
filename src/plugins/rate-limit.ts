import type { Plugin } from 'graphql-yoga';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Viewer } from '../viewer.ts';
import { refusal } from './refusal.ts';
import type { RequestIds } from './request-id.ts';

/**
 * At most `perMinute` GraphQL requests a minute from each viewer; the answers say how many are left
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/). It counts in this process alone.
 */
export function useRateLimit(
  perMinute: number,
  viewerOf: (request: Request) => Viewer,
  requestIds: RequestIds,
): Plugin {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  const states = new WeakMap<Request, RateLimiterRes>();
  const tooMany = {
    message: `Expected up to ${perMinute} requests a minute.`,
    extensions: { code: 'RATE_LIMITED' },
  };
  return {
    async onRequestParse({ request, fetchAPI, endResponse }) {
      const state = await limiter.consume(viewerOf(request).name).catch((refused) => refused);
      if (!(state instanceof RateLimiterRes)) throw state;
      states.set(request, state);
      if (state.consumedPoints > perMinute)
        endResponse(refusal(fetchAPI, 429, tooMany, requestIds(request), { 'retry-after': seconds(state) }));
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
