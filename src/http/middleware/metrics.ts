import type { Scope } from '../../auth/viewer.ts';
import { ForbiddenError } from '../../errors/errors.ts';
import { type HttpResponse, isRead } from '../../exchange.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { badRequest, type Middleware, refusal } from '../middleware.ts';

const READ: Scope = 'client-certificates:read';

/** Answers Prometheus at `/metrics`. It names certificates, so it requires the scope that shows them. */
export const serveMetrics = (metrics: Metrics): Middleware => ({
  before(exchange) {
    const { path, request, viewer } = exchange;
    if (path !== '/metrics') return undefined;
    if (!isRead(request))
      return badRequest(exchange, 405, 'method: expected GET or HEAD', { allow: 'GET, HEAD' });
    return viewer?.scopes.has(READ) ? page(metrics) : refusal(exchange, 403, new ForbiddenError(READ));
  },
});

const page = async (metrics: Metrics): Promise<HttpResponse> => ({
  status: 200,
  headers: { 'content-type': metrics.contentType },
  body: await metrics.text(),
});
