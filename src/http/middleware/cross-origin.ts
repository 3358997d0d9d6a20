import type { HttpRequest } from '../../exchange.ts';
import { type Middleware, refusal } from '../middleware.ts';
import type { RefusedOrigins } from './refused-origins.ts';

/** The headers of a response that pages of other origins may read. */
const EXPOSED_HEADERS = [
  'www-authenticate',
  'x-request-id',
  'age',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
].join(', ');

/** For how long a browser may reuse the answer to a preflight. */
const MAX_AGE_S = 600;

/**
 * Sends CORS headers to pages of the allowed origins, and none to others. Cookies are never allowed, because callers
 * authenticate by a header (https://fetch.spec.whatwg.org/#http-cors-protocol).
 */
export function allowOrigins(origins: readonly string[], tellRefused: RefusedOrigins): Middleware {
  return {
    before(exchange) {
      const { request } = exchange;
      if (request.method !== 'OPTIONS') return undefined;
      if (!origins.includes(request.header('origin') ?? '')) {
        if (request.header('access-control-request-method')) tellRefused(exchange, 'preflight');
        return undefined;
      }
      return {
        status: 204,
        headers: {
          'access-control-allow-methods': 'GET, POST',
          'access-control-allow-headers': request.header('access-control-request-headers') ?? '',
          'access-control-max-age': `${MAX_AGE_S}`,
        },
        body: null,
      };
    },
    after({ request }, { headers }) {
      if (origins.length === 0) return;
      const origin = request.header('origin') ?? '';
      headers['vary'] = headers['vary'] ? `${headers['vary']}, origin` : 'origin';
      if (!origins.includes(origin)) return;
      headers['access-control-allow-origin'] = origin;
      headers['access-control-expose-headers'] = EXPOSED_HEADERS;
    },
  };
}

/**
 * Refuses requests that a page of another origin can send without a preflight. The browser says where they come from, by
 * Fetch Metadata (https://www.w3.org/TR/fetch-metadata/). To an address without TLS it sends none, so there the `Origin`
 * decides. Forms and plain text are not accepted as GraphQL requests.
 */
export function preventCsrf(origins: readonly string[], tellRefused: RefusedOrigins): Middleware {
  return {
    before(exchange) {
      const { method, header } = exchange.request;
      const isNavigation = header('sec-fetch-mode') === 'navigate' && method === 'GET';
      if (!isForeign(exchange.request) || isNavigation || origins.includes(header('origin') ?? ''))
        return undefined;
      if (method !== 'OPTIONS') tellRefused(exchange, 'request'); // `allowOrigins` logs preflights
      return refusal(exchange, 403, {
        message: 'Pages of this origin may not call the service.',
        extensions: { code: 'CROSS_ORIGIN_REFUSED' },
      });
    },
  };
}

function isForeign({ header, hosts }: HttpRequest): boolean {
  const site = header('sec-fetch-site');
  if (site !== undefined) return site === 'cross-site' || site === 'same-site';
  const origin = header('origin');
  return origin !== undefined && URL.parse(origin)?.host !== hosts[0]?.toLowerCase();
}
