import type { AccountRegions } from '../../aws/account-regions.ts';
import type { Middleware } from '../middleware.ts';

/** How many denials are shown. */
const MAX_SHOWN = 100;

/**
 * `/health` says that the process serves, `/ready` whether a load balancer should send requests here. The body of `/ready` is for
 * people: `{"ready":true,"aws":{"denied":[{"operation":"TagResource","reason":"not-allowed","action":"apigateway:PUT"}]}}`.
 * With accounts or regions in the settings, each of these says where; of very many, the first are shown, and how many `more` there
 * are. The service stays ready while AWS refuses it, because another process would be refused, too.
 */
export const serveHealth = (
  isReady: () => boolean,
  { all: accountRegions, areNamed }: Pick<AccountRegions, 'all' | 'areNamed'>,
): Middleware => ({
  before({ path }) {
    if (path === '/health') return { status: 200, headers: {}, body: null };
    if (path !== '/ready') return undefined;
    const ready = isReady();
    const all = accountRegions.flatMap(({ account, region, denials }) =>
      denials.list().map((denial) => (areNamed ? { account, region, ...denial } : denial)),
    );
    const denied = all.slice(0, MAX_SHOWN);
    const more = all.length - denied.length;
    return {
      status: ready ? 200 : 503,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ ready, aws: { denied, ...(more > 0 && { more }) } }),
    };
  },
});
