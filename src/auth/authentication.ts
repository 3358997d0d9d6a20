import type { X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../errors/errors.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { type ApiKey, findApiKey } from './api-key.ts';
import type { MtlsClients } from './mtls.ts';
import { SCOPES, type Viewer } from './viewer.ts';

/**
 * Finds the caller by the headers of a request, and by the certificate of the client if TLS has accepted one; synchronously
 * unless a token has to be verified. Returns an error where the credentials are missing or wrong, or cannot be checked now.
 */
export type Authenticate = (
  header: Header,
  certificate?: () => X509Certificate | undefined,
) => MaybePromise<Viewer | AuthenticationError>;

export type AuthenticationError = UnauthenticatedError | AuthenticationUnavailableError;

/** The value of a header by its name in lower case. */
type Header = (name: string) => string | undefined;

/** Who may call: anyone, holders of a JWT from one issuer, of one of these API keys, or of a certificate. */
export type AuthSettings =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'jwt';
      readonly issuer: string;
      readonly audience: string;
      readonly jwksUrl: string;
      /** How people sign in at the issuer; without it they bring a token. */
      readonly oidc?: { readonly clientId: string; readonly parameters: Readonly<Record<string, string>> };
    }
  | { readonly kind: 'api-key'; readonly apiKeys: readonly ApiKey[] }
  | { readonly kind: 'mtls'; readonly clients: MtlsClients };

export type AuthenticatorOptions = {
  log: Logger;
  now?: () => Date;
  fetch?: typeof globalThis.fetch;
  timeout?: (ms: number) => AbortSignal;
  /** The API keys as they are now, if they may change. */
  apiKeys?: () => readonly ApiKey[];
  /** Whether each caller also needs a client certificate, as with `mtls`. */
  needsCertificate?: boolean;
};

/** Loads only the code that these settings need. With `none`, everyone is `anonymous` and may do everything. */
export async function createAuthenticator(
  auth: AuthSettings,
  options: AuthenticatorOptions,
): Promise<Authenticate> {
  const { now = () => new Date(), needsCertificate = false } = options;
  const authenticate = await authenticatorOf(auth, options);
  if (!needsCertificate) return authenticate;
  const { certificateError } = await import('./mtls.ts');
  return (header, certificate) =>
    certificateError(certificate?.(), now()) ?? authenticate(header, certificate);
}

async function authenticatorOf(
  auth: AuthSettings,
  {
    log,
    now = () => new Date(),
    fetch = globalThis.fetch,
    timeout = AbortSignal.timeout,
    apiKeys,
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
        const viewer = findApiKey(apiKeys?.() ?? auth.apiKeys, key);
        return viewer ?? new UnauthenticatedError('invalid', 'no API key has this hash');
      };
    case 'mtls': {
      const { viewerOf } = await import('./mtls.ts');
      return (_, certificate) => {
        const sent = certificate?.();
        return sent ? viewerOf(auth.clients, sent) : notSent();
      };
    }
  }
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1. Scheme names are case-insensitive. */
const bearerToken = (header: Header): string | undefined =>
  /^Bearer +(.+)$/i.exec(header('authorization') ?? '')?.[1];

const notSent = () => new UnauthenticatedError('missing', 'no credentials were sent');

function asAnswer(error: unknown): AuthenticationError {
  if (error instanceof UnauthenticatedError || error instanceof AuthenticationUnavailableError) return error;
  throw error;
}
