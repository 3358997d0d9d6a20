import { ConfigError, parseConfig } from '../../src/settings/config.ts';

/** The settings that decide who may call, whose values are one in the configuration. */
export const AUTH_NAMES = [
  'AUTH',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_JWKS_URL',
  'OIDC_CLIENT_ID',
  'OIDC_PARAMETERS',
  'API_KEYS',
];

/** The error messages about an environment; none if it is valid. */
export function complaints(env: Record<string, string | undefined>): string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
}
