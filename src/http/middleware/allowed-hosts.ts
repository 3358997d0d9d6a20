import type { Config } from '../../settings/config.ts';
import { createHostCheck } from '../hosts.ts';
import { badRequest, type Middleware, refusal } from '../middleware.ts';
import { hostOf } from '../target.ts';

/**
 * Refuses requests for any other host (421, https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20). With `AUTH` a foreign page
 * lacks the credentials, so any host is accepted unless `ALLOWED_HOSTS` is set. An HTTP/1.0 client may omit the host.
 */
export function onlyAllowedHosts({ auth, ALLOWED_HOSTS, HOST }: Config): Middleware {
  const isAllowed = createHostCheck([HOST, ...ALLOWED_HOSTS]);
  const isAnyAllowed = auth.kind !== 'none' && ALLOWED_HOSTS.length === 0;
  let latest = ''; // most requests are for one host
  return {
    before(exchange) {
      const { request } = exchange;
      const { hosts } = request;
      if (hosts.length > 1) return badRequest(exchange, 400, 'host: expected one, got several');
      if (hosts.length === 0 && request.needsHost)
        return badRequest(exchange, 400, 'host: expected one, got none');
      const host = hostOf(request.url) ?? hosts[0] ?? '';
      if (isAnyAllowed || host === latest || host === '') return undefined;
      if (!isAllowed(host))
        return refusal(exchange, 421, {
          message: 'This service is not at that host; ALLOWED_HOSTS can name others.',
          extensions: { code: 'HOST_REFUSED' },
        });
      latest = host;
      return undefined;
    },
  };
}
