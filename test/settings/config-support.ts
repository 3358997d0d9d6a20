import { ConfigError, parseConfig } from '../../src/settings/config.ts';

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
