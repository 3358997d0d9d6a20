import { parseArgs } from 'node:util';
import { EXPECTED_NAME, isApiKeyName } from '../auth/api-key.ts';
import { quote } from '../errors/input-issues.ts';
import { ConfigError } from '../settings/config.ts';
import { helpFor } from './help.ts';

/** What the arguments ask the process to do. */
export type Command =
  | { name: 'serve' | 'emulator' | 'check' | 'version' }
  | { name: 'api-key'; keyName: string }
  | { name: 'notify'; isDryRun: boolean; sinceMs: number }
  | { name: 'help'; text: string };

/** `--help` and `--version` count wherever they stand. Throws a `ConfigError` that says what was expected. */
export function parseCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (hasAny(args, '--help', '-h')) return { name: 'help', text: helpFor(name) };
  if (hasAny(args, '--version', '-v')) return { name: 'version' };
  if (name === 'api-key') return { name, keyName: keyNameIn(rest) };
  if (name === 'notify') return { name, ...notifyOptionsIn(rest) };
  if (name === undefined) return { name: 'serve' };
  if ((name === 'serve' || name === 'emulator' || name === 'check') && rest.length === 0) return { name };
  throw new ConfigError(
    `expected "serve" or no argument, "emulator", "api-key NAME", "notify", "check", "--version" or "--help", got ${quote(args.join(' '))}`,
  );
}

/** A name that begins with - was meant as an option. */
function keyNameIn(rest: readonly string[]): string {
  const [keyName = ''] = rest;
  if (rest.length === 1 && isApiKeyName(keyName) && !keyName.startsWith('-')) return keyName;
  throw new ConfigError(
    `expected one name of ${EXPECTED_NAME}, not beginning with -, got ${quote(rest.join(' '))}`,
  );
}

/** An hour more than a day, so that a daily timer that is late misses nothing. */
const SINCE_HOURS = 25;

function notifyOptionsIn(rest: readonly string[]): { isDryRun: boolean; sinceMs: number } {
  const options = {
    'dry-run': { type: 'boolean' },
    since: { type: 'string', default: `${SINCE_HOURS}h` },
  } as const;
  try {
    const { values } = parseArgs({ args: [...rest], options });
    const [, hours] = /^(\d{1,4})h$/.exec(values.since) ?? [];
    if (hours) return { isDryRun: values['dry-run'] ?? false, sinceMs: Number(hours) * 60 * 60 * 1000 };
  } catch {} // another option
  throw new ConfigError(
    `expected --dry-run, or --since and hours such as 24h, or both, got ${quote(rest.join(' '))}`,
  );
}

const hasAny = (args: readonly string[], ...options: string[]) => args.some((arg) => options.includes(arg));
