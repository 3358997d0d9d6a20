import { EXPECTED_NAME, isApiKeyName } from './auth/api-key.ts';
import { ConfigError } from './settings/config.ts';
import { describeSettings } from './settings/help.ts';

/** What a process is asked to do by its arguments. */
export type Command =
  | { name: 'serve' | 'emulator' | 'version' }
  | { name: 'api-key'; keyName: string }
  | { name: 'help'; text: string };

const serviceHelp = () => `Certway: GraphQL over Amazon API Gateway's client certificates

  npm start                  the service, on its embedded emulator of API Gateway
  UPSTREAM=aws npm start     the service, on AWS
  npm run emulator           the emulator alone
  npm run api-key -- NAME    a new API key, and its entry for API_KEYS
  npm start -- --help        this text; after the other commands, what concerns them
  npm start -- --version     the version

Settings, from the environment:

${describeSettings()}
`;

const emulatorHelp = () => `The emulator of API Gateway alone, without the service:

  npm run emulator

Settings, from the environment:

${describeSettings(/^EMULATOR_|^DRAIN_TIMEOUT_MS$/)}
`;

const apiKeyHelp =
  () => `A new API key for a caller, and its entry for API_KEYS, by which the service knows it:

  npm run api-key -- NAME

NAME tells people whose key it is: ${EXPECTED_NAME}; the first is no -.
`;

/** `--help` and `--version` count wherever they stand. Throws a `ConfigError` that says what was expected. */
export function parseCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (hasAny(args, '--help', '-h')) return { name: 'help', text: helpFor(name)() };
  if (hasAny(args, '--version', '-v')) return { name: 'version' };
  if (name === 'api-key') return { name, keyName: keyNameIn(rest) };
  if (name === undefined) return { name: 'serve' };
  if ((name === 'serve' || name === 'emulator') && rest.length === 0) return { name };
  throw new ConfigError(
    `expected no argument, "emulator", "api-key NAME", "--version" or "--help", got "${args.join(' ')}"`,
  );
}

function helpFor(name: string | undefined): () => string {
  if (name === 'emulator') return emulatorHelp;
  return name === 'api-key' ? apiKeyHelp : serviceHelp;
}

/** A name that begins with - is an option that someone meant, not a caller. */
function keyNameIn(rest: readonly string[]): string {
  const [keyName = ''] = rest;
  if (rest.length === 1 && isApiKeyName(keyName) && !keyName.startsWith('-')) return keyName;
  throw new ConfigError(
    `expected one name of ${EXPECTED_NAME}, the first of which is no -, got "${rest.join(' ')}"`,
  );
}

const hasAny = (args: readonly string[], ...options: string[]) => args.some((arg) => options.includes(arg));
