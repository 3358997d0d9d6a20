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

/** The settings of who may call. */
export type AuthSettings = {
  AUTH: 'none' | 'jwt' | 'api-key';
  JWT_ISSUER: string;
  JWT_AUDIENCE: string;
  JWT_JWKS_URL: string;
  API_KEYS: readonly ApiKey[];
};

export type AuthenticatorOptions = {
  log: Logger;
  now?: () => Date;
  fetch?: typeof globalThis.fetch;
  timeout?: (ms: number) => AbortSignal;
};

/** What `AUTH` asks for, and only that is loaded. With `none`, everyone is `anonymous` and may do everything. */
export async function createAuthenticator(
  config: AuthSettings,
  {
    log,
    now = () => new Date(),
    fetch = globalThis.fetch,
    timeout = AbortSignal.timeout,
  }: AuthenticatorOptions,
): Promise<Authenticate> {
  switch (config.AUTH) {
    case 'none': {
      const anonymous: Viewer = { name: 'anonymous', scopes: new Set(SCOPES) };
      return () => anonymous;
    }
    case 'jwt': {
      const [{ createJwtVerifier }, { createJwks }] = await Promise.all([
        import('./jwt.ts'),
        import('./jwks.ts'),
      ]);
      const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: url } = config;
      const jwks = createJwks({ url, now, fetch, timeout, log });
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
        const viewer = findApiKey(config.API_KEYS, key);
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
