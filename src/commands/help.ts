import { EXPECTED_NAME } from '../auth/api-key.ts';
import { describeSettings } from '../settings/help.ts';

/** What `--help` prints after this command; for any other word, or none, the help of the whole service. */
export function helpFor(command: string | undefined): string {
  if (command === 'emulator') return emulatorHelp();
  if (command === 'notify') return notifyHelp();
  return command === 'api-key' ? apiKeyHelp() : serviceHelp();
}

const serviceHelp = () => `Certway: GraphQL over Amazon API Gateway's client certificates

  npm start                  the service, on its embedded emulator of API Gateway
  UPSTREAM=aws npm start     the service, on AWS
  npm run emulator           the emulator alone
  npm run api-key -- NAME    a new API key, and its entry for API_KEYS
  npm start -- notify        notices about certificates that expire, once, for a timer
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

const notifyHelp =
  () => `Tells those whom the settings name of certificates that expire, once. Ends with 1 if that was not possible:

  npm start -- notify
  npm start -- notify --dry-run     prints what would be sent, and to whom; sends nothing
  npm start -- notify --since 48h   counts thresholds that were passed in the last 48 hours, not 25; nothing
                                    is left out with REDIS_URL or NOTIFY_PATH, which keep what was sent

Settings, from the environment:

${describeSettings(/^NOTIFY_|^REDIS_|^UPSTREAM$|^AWS_REGIONS$|^ACCOUNTS$|^STAGE_READS_PER_SECOND$/)}
`;
