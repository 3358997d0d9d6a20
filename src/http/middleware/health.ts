import type { AccountRegions } from '../../aws/account-regions.ts';
import type { Middleware } from '../middleware.ts';

/**
 * `/health` says that the process serves, `/ready` whether a load balancer should send requests here. The body of `/ready` is for
 * people: `{"ready":true,"aws":{"denied":[{"operation":"TagResource","reason":"not-allowed","action":"apigateway:PUT"}]}}`.
 * With accounts or regions in the settings, each of these says where. The service stays ready while AWS refuses it, because
 * another process would be refused, too.
 */
export const serveHealth = (
  isReady: () => boolean,
  { all, areNamed }: Pick<AccountRegions, 'all' | 'areNamed'>,
): Middleware => ({
  before({ path }) {
    if (path === '/health') return { status: 200, headers: {}, body: null };
    if (path !== '/ready') return undefined;
    const ready = isReady();
    const denied = all.flatMap(({ account, region, denials }) =>
      denials.list().map((denial) => (areNamed ? { account, region, ...denial } : denial)),
    );
    return {
      status: ready ? 200 : 503,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ ready, aws: { denied } }),
    };
  },
});
