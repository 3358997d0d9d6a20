import { EXPECTED_NAME } from '../auth/api-key.ts';
import { describeSettings } from '../settings/help.ts';

/** What `--help` prints after this command; for any other word, or none, the help of the whole service. */
export function helpFor(command: string | undefined): string {
  if (command === 'emulator') return emulatorHelp();
  return command === 'api-key' ? apiKeyHelp() : serviceHelp();
}

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
