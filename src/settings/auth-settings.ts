import type { AuthSettings } from '../auth/authentication.ts';
import { apiKeys } from './entry-parsers.ts';
import { fileOfEntries } from './file-value.ts';
import { httpUrl, oneOf, queryString, text } from './parsers.ts';
import { setting, type Values } from './setting.ts';
import { TLS_SETTINGS } from './tls-settings.ts';

/** Who may call. `AUTH` decides which of the others are used. */
export const AUTH_SETTINGS = {
  AUTH: setting(
    oneOf('none', 'jwt', 'api-key', 'mtls'),
    'none',
    'Who may call: anyone, or who has a JWT of an issuer, one of some API keys, or a client certificate.',
  ),
  JWT_ISSUER: setting(text, '', 'With AUTH=jwt: what `iss` of a token must be.'),
  JWT_AUDIENCE: setting(text, '', 'With AUTH=jwt: what `aud` of a token must be, or contain.'),
  JWT_JWKS_URL: setting(httpUrl, '', 'With AUTH=jwt: where the issuer has its public keys.'),
  OIDC_CLIENT_ID: setting(
    text,
    '',
    'With AUTH=jwt: the client id with which people sign in at JWT_ISSUER; without it they bring a token.',
  ),
  OIDC_PARAMETERS: setting(
    queryString,
    '',
    'With OIDC_CLIENT_ID: further parameters of the request for a code, such as scope=openid%20api&audience=certway.',
  ),
  API_KEYS: setting(
    apiKeys,
    '',
    'With AUTH=api-key: the SHA-256 of each key, with its scopes; `certway api-key NAME` makes one.',
  ),
};

export const API_KEYS_FILE = setting(
  fileOfEntries(apiKeys),
  '',
  'Instead of API_KEYS: a file with these entries, which is read again when it changes.',
);

type Name = keyof typeof AUTH_SETTINGS | 'TLS_CLIENT_CA_FILE';

const ALL = { ...AUTH_SETTINGS, ...TLS_SETTINGS };

/** The settings that each value of `AUTH` needs. */
const NEEDED: Record<AuthSettings['kind'], Name[]> = {
  none: [],
  jwt: ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL'],
  'api-key': ['API_KEYS'],
  mtls: ['TLS_CLIENT_CA_FILE'],
};

/** One complaint for each setting that this value of `AUTH` needs and the environment lacks. */
export const missingForAuth = (
  kind: AuthSettings['kind'],
  env: Readonly<Record<string, string | undefined>>,
): string[] =>
  NEEDED[kind]
    .filter((name) => !env[name] && !(name === 'API_KEYS' && env['API_KEYS_FILE']))
    .map((name) => {
      const { expected } = ALL[name].parser;
      return `${name}: expected ${expected}, since AUTH is ${kind}; got none`;
    });

/** A complaint if there are API keys, but anyone may call without one. */
export const keysForNobody = (
  kind: AuthSettings['kind'],
  env: Readonly<Record<string, string | undefined>>,
): string[] =>
  ['API_KEYS', 'API_KEYS_FILE']
    .filter((name) => kind === 'none' && env[name])
    .map((name) => `${name}: expected it with AUTH=api-key, got it with AUTH=none`);

/** The settings as the one shape that `AUTH` selects; nothing may be missing. */
export function authOf({
  AUTH,
  ...values
}: Values<typeof AUTH_SETTINGS & Pick<typeof TLS_SETTINGS, 'MTLS_CLIENTS'>>): AuthSettings {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: jwksUrl, API_KEYS: apiKeys } = values;
  const { OIDC_CLIENT_ID: clientId, OIDC_PARAMETERS: parameters } = values;
  const { MTLS_CLIENTS: clients } = values;
  switch (AUTH) {
    case 'none':
      return { kind: 'none' };
    case 'jwt':
      return {
        kind: 'jwt',
        issuer,
        audience,
        jwksUrl,
        ...(clientId !== '' && { oidc: { clientId, parameters } }),
      };
    case 'api-key':
      return { kind: 'api-key', apiKeys };
    case 'mtls':
      return { kind: 'mtls', clients };
  }
}
