import type { AuthSettings } from '../auth/authentication.ts';
import { type AUTH_SETTINGS, authOf } from './auth-settings.ts';
import { crossCheck } from './cross-checks.ts';
import type { Setting, Values } from './setting.ts';
import { SETTINGS } from './settings.ts';

/**
 * The settings, checked. Each has the name that it has in the environment, except for those that say who may
 * call: they are one value, `auth`.
 */
export type Config = Omit<Values<typeof SETTINGS>, keyof typeof AUTH_SETTINGS | 'MTLS_CLIENTS'> & {
  readonly auth: AuthSettings;
};

/** All complaints about the environment, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Parses all settings in `env`; throws a `ConfigError` with all complaints. An empty value counts as unset. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const complaints: string[] = [];
  const entries = Object.entries<Setting<unknown>>(SETTINGS).map(([name, { parser, initial }]) => {
    const text = env[name] || initial;
    const value = parser.parse(text);
    if (value === undefined) {
      const quoted = parser.secret ? 'something else' : JSON.stringify(text);
      const wrong = parser.complaints?.(text) ?? [`expected ${parser.expected}, got ${quoted}`];
      complaints.push(...wrong.map((complaint) => `${name}: ${complaint}`));
    }
    return [name, value];
  });
  const given: Values<typeof SETTINGS> = Object.fromEntries(entries);
  complaints.push(...crossCheck(given, env));
  if (complaints.length > 0) throw new ConfigError(complaints.join('\n'));
  const values = withFiles(given);
  const {
    AUTH,
    JWT_ISSUER,
    JWT_AUDIENCE,
    JWT_JWKS_URL,
    API_KEYS,
    OIDC_CLIENT_ID,
    OIDC_PARAMETERS,
    MTLS_CLIENTS,
    ...others
  } = values;
  const jwt = { JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL, OIDC_CLIENT_ID, OIDC_PARAMETERS };
  return { ...others, auth: authOf({ AUTH, ...jwt, API_KEYS, MTLS_CLIENTS }) };
}

/** What is in a file stands where it would be without one. */
const withFiles = (values: Values<typeof SETTINGS>): Values<typeof SETTINGS> => ({
  ...values,
  ...(values.API_KEYS_FILE && { API_KEYS: values.API_KEYS_FILE.value }),
  ...(values.NOTIFY_WEBHOOKS_FILE && { NOTIFY_WEBHOOKS: values.NOTIFY_WEBHOOKS_FILE.value }),
  ...(values.CALENDAR_TOKENS_FILE && { CALENDAR_TOKENS: values.CALENDAR_TOKENS_FILE.value }),
  ...(values.REDIS_URL_FILE && { REDIS_URL: values.REDIS_URL_FILE.value }),
});

/**
 * Whether a feature is on that helps developers, and attackers. With `auto`, it is off if callers have to
 * authenticate and NODE_ENV is production, and GraphiQL also if only trusted documents are executed.
 */
export const isOn = (config: Config, name: 'GRAPHIQL' | 'INTROSPECTION' | 'SUGGESTIONS'): boolean =>
  config[name] === 'auto'
    ? !(name === 'GRAPHIQL' && config.ONLY_TRUSTED_DOCUMENTS) &&
      (config.auth.kind === 'none' || config.NODE_ENV !== 'production')
    : config[name] === 'true';
