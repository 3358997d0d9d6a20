import { isRead } from '../../exchange.ts';
import { badRequest, leadTo, type Middleware } from '../middleware.ts';

/**
 * Everything is below a path, which the rest of the service does not know; elsewhere there is nothing. Browsers are led to the
 * path with a slash at its end, since the addresses in the page are relative to that.
 */
export const belowPath = (base: string): Middleware => ({
  before(exchange) {
    const { path, search, request, accepted } = exchange;
    if (path !== base && !path.startsWith(`${base}/`))
      return badRequest(exchange, 404, `There is nothing at this path; this service is below ${base}.`);
    if (path === base && accepted.prefersPage && isRead(request) && !/^[^?]*\/(\?|$)/.test(request.url))
      return leadTo(`${base}/${search}`);
    exchange.path = path.slice(base.length) || '/';
    return undefined;
  },
});
