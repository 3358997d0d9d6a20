import type { CORSOptions, Plugin } from 'graphql-yoga';
import { refusal } from './refusal.ts';
import type { RequestIds } from './request-id.ts';

/** What pages of the allowed origins may do; those of others get no CORS header at all. */
export const corsFor =
  (origins: readonly string[]) =>
  (request: Request): CORSOptions => {
    const origin = request.headers.get('origin') ?? '';
    if (!origins.includes(origin)) return false;
    return {
      origin: [origin],
      credentials: false, // callers prove themselves by a header, never by a cookie
      methods: ['GET', 'POST'],
      exposedHeaders: [
        'www-authenticate',
        'x-request-id',
        'age',
        'retry-after',
        'ratelimit-limit',
        'ratelimit-remaining',
        'ratelimit-reset',
      ],
      maxAge: 600,
    };
  };

/** Content types that a page cannot send to another origin without asking first (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). */
const PREFLIGHTED = /^application\/(json|graphql|graphql\+json|graphql-response\+json)\s*(;|$)/i;

/**
 * Refuses what a page of another origin can have a browser send without asking first: forms, plain text, and reads
 * that the browser itself says come from elsewhere (https://www.w3.org/TR/fetch-metadata/).
 */
export function useCsrfPrevention(origins: readonly string[], requestIds: RequestIds): Plugin {
  return {
    onRequest({ request, fetchAPI, endResponse }) {
      const { method, headers } = request;
      const refuse = (status: number, code: string, message: string) =>
        endResponse(refusal(fetchAPI, status, { message, extensions: { code } }, requestIds(request)));
      if (method === 'POST' && !PREFLIGHTED.test(headers.get('content-type') ?? ''))
        return refuse(415, 'BAD_REQUEST', 'content-type: expected application/json');
      const site = headers.get('sec-fetch-site');
      const isForeign = site === 'cross-site' || site === 'same-site';
      const isNavigation = headers.get('sec-fetch-mode') === 'navigate' && method === 'GET';
      if (isForeign && !isNavigation && !origins.includes(headers.get('origin') ?? ''))
        refuse(403, 'CROSS_ORIGIN_REFUSED', 'Pages of this origin may not call the service.');
    },
  };
}
