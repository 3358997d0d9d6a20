import type { AwsDenials } from '../../aws/denials.ts';
import type { Middleware } from '../middleware.ts';

/**
 * `/health` says that the process serves, `/ready` whether a load balancer should send requests here. The body of `/ready` is for
 * people: `{"ready":true,"aws":{"denied":[{"operation":"TagResource","reason":"not-allowed","action":"apigateway:PUT"}]}}`.
 * The service stays ready while AWS refuses it, because another process would be refused, too.
 */
export const serveHealth = (isReady: () => boolean, denials: Pick<AwsDenials, 'list'>): Middleware => ({
  before({ path }) {
    if (path === '/health') return { status: 200, headers: {}, body: null };
    if (path !== '/ready') return undefined;
    const ready = isReady();
    return {
      status: ready ? 200 : 503,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ ready, aws: { denied: denials.list() } }),
    };
  },
});
