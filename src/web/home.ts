import { isRead } from '../exchange.ts';
import { leadTo, type Middleware } from '../http/middleware.ts';

/** Redirects browsers from `/` to GraphiQL, by an address that also holds below the path of a proxy. */
export const leadHome = (endpoint: string): Middleware => ({
  before({ path, request, accepted }) {
    if (path !== '/' || !isRead(request) || !accepted.prefersPage) return undefined;
    return leadTo(`.${endpoint}`);
  },
});
