import { errors, type JWTPayload, jwtVerify } from 'jose';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../errors/errors.ts';
import type { KeySet } from './fetch-jwks.ts';
import type { Jwks } from './jwks.ts';
import { isScope, type Scope, type Viewer } from './viewer.ts';

export type JwtOptions = { issuer: string; audience: string; jwks: Jwks; now: () => Date };

/**
 * Public-key signatures only: with a secret in the list, a public key could be taken for one
 * (https://www.rfc-editor.org/rfc/rfc8725#section-3.1).
 */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

/** How far the clocks of the issuer and of this machine may be apart. */
const LEEWAY_SECONDS = 30;

/**
 * Verifies a JWT (https://www.rfc-editor.org/rfc/rfc7519) and resolves to its viewer: `sub`, with those of
 * our scopes that are in `scope` (https://www.rfc-editor.org/rfc/rfc8693#section-4.2) or `scp` (Microsoft
 * Entra ID, Okta). The token must have `exp`, and `kid` if the issuer has several keys of its algorithm
 * (https://openid.net/specs/openid-connect-core-1_0.html#Signing). Rejects with `UnauthenticatedError`, or
 * with `AuthenticationUnavailableError` if the key of the token may be one that cannot be fetched now.
 */
export function createJwtVerifier({ issuer, audience, jwks, now }: JwtOptions) {
  const verify = (token: string, keys: KeySet) =>
    jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: now(),
    });

  return async (token: string): Promise<Viewer> => {
    try {
      const { payload } = await verify(token, jwks.known()).catch(async (error) => {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        return verify(token, await jwks.renewed());
      });
      return { name: subjectOf(payload), scopes: scopesOf(payload) };
    } catch (error) {
      if (error instanceof AuthenticationUnavailableError) throw error;
      const problem = error instanceof errors.JWTExpired ? 'expired' : 'invalid';
      throw new UnauthenticatedError(problem, error instanceof Error ? error.message : String(error));
    }
  };
}

function subjectOf({ sub }: JWTPayload): string {
  if (typeof sub !== 'string' || sub === '') throw new errors.JWTInvalid('"sub" is not a name');
  return sub;
}

function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<Scope> {
  const words = [scope, scp].flat().flatMap((text) => (typeof text === 'string' ? text.split(' ') : []));
  return new Set(words.filter(isScope));
}
