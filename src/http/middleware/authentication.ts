import type { Logger } from 'pino';
import type { Authenticate, AuthenticationError } from '../../auth/authentication.ts';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../errors.ts';
import type { Exchange, Reply } from '../../exchange.ts';
import { whenThere } from '../../maybe-promise.ts';
import { refusal, type Step } from '../middleware.ts';

/**
 * Lets in whoever can be authenticated, before anything of the request's body is read; the others get a 401, or a 503
 * where nobody can tell. A CORS preflight comes without credentials, and an OPTIONS request reaches nothing.
 */
export function requireAuthentication(authenticate: Authenticate, log: Logger): Step {
  return {
    admit(exchange) {
      const { arrival } = exchange;
      if (arrival.method === 'OPTIONS') return undefined;
      return whenThere(authenticate(arrival.header), (viewer) => {
        if (viewer instanceof Error) return refuse(exchange, viewer);
        exchange.viewer = viewer;
        return undefined;
      });
    },
  };

  function refuse(exchange: Exchange, error: AuthenticationError): Reply {
    const { arrival, requestId } = exchange;
    const isAnonymous = error instanceof UnauthenticatedError && error.problem === 'missing';
    log[isAnonymous ? 'debug' : 'info'](
      { requestId, address: arrival.address, reason: error.reason },
      'not authenticated',
    );
    return error instanceof AuthenticationUnavailableError
      ? refusal(exchange, 503, error, { 'retry-after': `${error.retryAfterSeconds}` })
      : refusal(exchange, 401, error, { 'www-authenticate': challenge(error) });
  }
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-3: no `error` for those who sent nothing. */
function challenge({ problem, message }: UnauthenticatedError): string {
  const realm = 'Bearer realm="certway"';
  return problem === 'missing' ? realm : `${realm}, error="invalid_token", error_description="${message}"`;
}
