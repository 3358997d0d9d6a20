import { ConfigError, parseConfig } from '../../src/settings/config.ts';

/** The complaints about an environment, none where it is good. */
export function complaints(env: Record<string, string | undefined>): string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
}
