import type { Logger } from 'pino';
import type { Authenticate, AuthenticationError } from '../../auth/authentication.ts';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../errors/errors.ts';
import type { Exchange, HttpResponse } from '../../exchange.ts';
import { mapMaybePromise } from '../../maybe-promise.ts';
import { type Middleware, refusal } from '../middleware.ts';

/**
 * Authenticates the caller before the body of the request is read. Callers without valid credentials get a 401, or a 503 if
 * the credentials cannot be checked. OPTIONS passes: a CORS preflight has no credentials, and no OPTIONS request reaches data.
 */
export function requireAuthentication(authenticate: Authenticate, log: Logger): Middleware {
  return {
    before(exchange) {
      const { request } = exchange;
      if (request.method === 'OPTIONS' || exchange.viewer) return undefined;
      return mapMaybePromise(authenticate(request.header, request.certificate), (viewer) => {
        if (viewer instanceof Error) return refuse(exchange, viewer);
        exchange.viewer = viewer;
        return undefined;
      });
    },
  };

  function refuse(exchange: Exchange, error: AuthenticationError): HttpResponse {
    const { request, requestId } = exchange;
    const isAnonymous = error instanceof UnauthenticatedError && error.problem === 'missing';
    log[isAnonymous ? 'debug' : 'info'](
      { requestId, address: request.address, reason: error.reason },
      'not authenticated',
    );
    return error instanceof AuthenticationUnavailableError
      ? refusal(exchange, 503, error, { 'retry-after': `${error.retryAfterSeconds}` })
      : refusal(exchange, 401, error, { 'www-authenticate': challenge(error) });
  }
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-3: no `error` if the request has no credentials. */
function challenge({ problem, message }: UnauthenticatedError): string {
  const realm = 'Bearer realm="certway"';
  return problem === 'missing' ? realm : `${realm}, error="invalid_token", error_description="${message}"`;
}
