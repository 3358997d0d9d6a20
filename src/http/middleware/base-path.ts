import { badRequest, type Middleware } from '../middleware.ts';

/** Everything is below a path, which the rest of the service does not know; elsewhere there is nothing. */
export const belowPath = (base: string): Middleware => ({
  before(exchange) {
    const { path } = exchange;
    if (path !== base && !path.startsWith(`${base}/`))
      return badRequest(exchange, 404, `There is nothing at this path; this service is below ${base}.`);
    exchange.path = path.slice(base.length) || '/';
    return undefined;
  },
});
