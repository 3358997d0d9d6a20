import { isRead } from '../exchange.ts';
import type { Middleware } from '../http/middleware.ts';

/** Redirects browsers from `/` to GraphiQL. */
export const leadHome = (endpoint: string): Middleware => ({
  before({ path, request, accepted }) {
    if (path !== '/' || !isRead(request) || !accepted.prefersPage) return undefined;
    return {
      status: 302,
      headers: { location: endpoint, vary: 'accept', 'content-length': '0' },
      body: null,
    };
  },
});
