import type { Logger } from 'pino';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../errors.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { type ApiKey, findApiKey } from './api-key.ts';
import { SCOPES, type Viewer } from './viewer.ts';

/**
 * Finds out who sent these headers, at once where nobody has to be asked; an error where they do not say so
 * credibly, or where that cannot be told now.
 */
export type Authenticate = (header: Header) => MaybePromise<Viewer | AuthenticationError>;

export type AuthenticationError = UnauthenticatedError | AuthenticationUnavailableError;

/** The value of a header by its name in lower case. */
type Header = (name: string) => string | undefined;

/** Who may call: anyone, or who has a JWT of an issuer, or who has one of some API keys. */
export type AuthSettings =
  | { readonly kind: 'none' }
  | { readonly kind: 'jwt'; readonly issuer: string; readonly audience: string; readonly jwksUrl: string }
  | { readonly kind: 'api-key'; readonly apiKeys: readonly ApiKey[] };

export type AuthenticatorOptions = {
  log: Logger;
  now?: () => Date;
  fetch?: typeof globalThis.fetch;
  timeout?: (ms: number) => AbortSignal;
};

/** Loads only what these settings ask for. With `none`, everyone is `anonymous` and may do everything. */
export async function createAuthenticator(
  auth: AuthSettings,
  {
    log,
    now = () => new Date(),
    fetch = globalThis.fetch,
    timeout = AbortSignal.timeout,
  }: AuthenticatorOptions,
): Promise<Authenticate> {
  switch (auth.kind) {
    case 'none': {
      const anonymous: Viewer = { name: 'anonymous', scopes: new Set(SCOPES) };
      return () => anonymous;
    }
    case 'jwt': {
      const [{ createJwtVerifier }, { createJwks }] = await Promise.all([
        import('./jwt.ts'),
        import('./jwks.ts'),
      ]);
      const { issuer, audience, jwksUrl } = auth;
      const jwks = createJwks({ url: jwksUrl, now, fetch, timeout, log });
      const verify = createJwtVerifier({ issuer, audience, now, jwks });
      return (header) => {
        const token = bearerToken(header);
        return token ? verify(token).catch(asAnswer) : notSent();
      };
    }
    case 'api-key':
      return (header) => {
        const key = bearerToken(header) ?? header('x-api-key');
        if (!key) return notSent();
        const viewer = findApiKey(auth.apiKeys, key);
        return viewer ?? new UnauthenticatedError('invalid', 'no API key has this hash');
      };
  }
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1; the name of a scheme has no case. */
const bearerToken = (header: Header): string | undefined =>
  /^Bearer +(.+)$/i.exec(header('authorization') ?? '')?.[1];

const notSent = () => new UnauthenticatedError('missing', 'no credentials were sent');

function asAnswer(error: unknown): AuthenticationError {
  if (error instanceof UnauthenticatedError || error instanceof AuthenticationUnavailableError) return error;
  throw error;
}
