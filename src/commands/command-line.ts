import { EXPECTED_NAME, isApiKeyName } from '../auth/api-key.ts';
import { ConfigError } from '../settings/config.ts';
import { helpFor } from './help.ts';

/** What the arguments ask the process to do. */
export type Command =
  | { name: 'serve' | 'emulator' | 'version' }
  | { name: 'api-key'; keyName: string }
  | { name: 'help'; text: string };

/** `--help` and `--version` count wherever they stand. Throws a `ConfigError` that says what was expected. */
export function parseCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (hasAny(args, '--help', '-h')) return { name: 'help', text: helpFor(name) };
  if (hasAny(args, '--version', '-v')) return { name: 'version' };
  if (name === 'api-key') return { name, keyName: keyNameIn(rest) };
  if (name === undefined) return { name: 'serve' };
  if ((name === 'serve' || name === 'emulator') && rest.length === 0) return { name };
  throw new ConfigError(
    `expected no argument, "emulator", "api-key NAME", "--version" or "--help", got "${args.join(' ')}"`,
  );
}

/** A name that begins with - was meant as an option. */
function keyNameIn(rest: readonly string[]): string {
  const [keyName = ''] = rest;
  if (rest.length === 1 && isApiKeyName(keyName) && !keyName.startsWith('-')) return keyName;
  throw new ConfigError(
    `expected one name of ${EXPECTED_NAME}, the first of which is no -, got "${rest.join(' ')}"`,
  );
}

const hasAny = (args: readonly string[], ...options: string[]) => args.some((arg) => options.includes(arg));
