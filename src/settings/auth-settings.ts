import type { AuthSettings } from '../auth/authentication.ts';
import { apiKeys, httpUrl, oneOf, queryString, text } from './parsers.ts';
import { setting, type Values } from './setting.ts';

/** Who may call. `AUTH` decides which of the others are used. */
export const AUTH_SETTINGS = {
  AUTH: setting(
    oneOf('none', 'jwt', 'api-key'),
    'none',
    'Who may call: anyone, or who has a JWT of an issuer, or who has one of some API keys.',
  ),
  JWT_ISSUER: setting(text, '', 'With AUTH=jwt: what `iss` of a token must be.'),
  JWT_AUDIENCE: setting(text, '', 'With AUTH=jwt: what `aud` of a token must be, or contain.'),
  JWT_JWKS_URL: setting(httpUrl, '', 'With AUTH=jwt: where the issuer has its public keys.'),
  OIDC_CLIENT_ID: setting(
    text,
    '',
    'With AUTH=jwt: as which client of JWT_ISSUER people sign in at the page; by default they bring a token.',
  ),
  OIDC_PARAMETERS: setting(
    queryString,
    '',
    'With OIDC_CLIENT_ID: further parameters of the request for a code, such as scope=openid%20api&audience=certway.',
  ),
  API_KEYS: setting(
    apiKeys,
    '',
    'With AUTH=api-key: the SHA-256 of each key, with its scopes; `npm run api-key -- NAME` makes one.',
  ),
};

type Name = keyof typeof AUTH_SETTINGS;

/** The settings that each value of `AUTH` needs. */
const NEEDED: Record<AuthSettings['kind'], Name[]> = {
  none: [],
  jwt: ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL'],
  'api-key': ['API_KEYS'],
};

/** One complaint for each setting that this value of `AUTH` needs and the environment lacks. */
export const missingForAuth = (
  kind: AuthSettings['kind'],
  env: Readonly<Record<string, string | undefined>>,
): string[] =>
  NEEDED[kind]
    .filter((name) => !env[name])
    .map((name) => {
      const { expected } = AUTH_SETTINGS[name].parser;
      return `${name}: expected ${expected}, since AUTH is ${kind}; got none`;
    });

/** The settings as the one shape that `AUTH` selects; nothing may be missing. */
export function authOf({ AUTH, ...values }: Values<typeof AUTH_SETTINGS>): AuthSettings {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: jwksUrl, API_KEYS: apiKeys } = values;
  const { OIDC_CLIENT_ID: clientId, OIDC_PARAMETERS: parameters } = values;
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
  }
}
