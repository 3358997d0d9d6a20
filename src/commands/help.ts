import { EXPECTED_NAME } from '../auth/api-key.ts';
import { describeSettings } from '../settings/help.ts';

/** What `--help` prints after this command; for any other word, or none, the help of the whole service. */
export function helpFor(command: string | undefined): string {
  if (command === 'emulator') return emulatorHelp();
  if (command === 'notify') return notifyHelp();
  if (command === 'check') return checkHelp();
  return command === 'api-key' ? apiKeyHelp() : serviceHelp();
}

/** The sources have npm scripts for the same; only a package that is installed has the command. */
const IN_SOURCES = 'In a checkout of the sources, `npm start --` stands for `certway`.';

const serviceHelp = () => `Certway: GraphQL over Amazon API Gateway's client certificates

  certway serve              the service, on its embedded emulator of API Gateway; also without "serve"
  UPSTREAM=aws certway       the service, on AWS
  certway emulator           the emulator alone
  certway api-key NAME       a new API key, and its entry for API_KEYS
  certway notify             notices about certificates that expire, once, for a timer
  certway check              whether settings, credentials and rights are as the service needs them
  certway COMMAND --help     this text, or what concerns the command
  certway --version          the version

${IN_SOURCES}

Settings, from the environment:

${describeSettings()}
`;

const emulatorHelp = () => `The emulator of API Gateway alone, without the service:

  certway emulator

${IN_SOURCES} Settings, from the environment:

${describeSettings(/^EMULATOR_|^ALLOWED_HOSTS$|^DRAIN_TIMEOUT_MS$/)}
`;

const apiKeyHelp =
  () => `A new API key for a caller, and its entry for API_KEYS, by which the service knows it:

  certway api-key NAME

NAME tells people whose key it is: ${EXPECTED_NAME}, not beginning with -. ${IN_SOURCES}
`;

const notifyHelp =
  () => `Tells the receivers in the settings once about certificates that expire. Ends with 1 if something could not be read
or sent:

  certway notify
  certway notify --dry-run     prints what would be sent, and to whom; sends and changes nothing
  certway notify --since 48h   counts thresholds that were passed in the last 48 hours, not 25; nothing
                               is left out with REDIS_URL or NOTIFY_PATH, which keep what was sent

${IN_SOURCES} Settings, from the environment:

${describeSettings(/^NOTIFY_|^REDIS_|^UPSTREAM$|^AWS_REGIONS$|^ACCOUNTS$|^STAGE_READS_PER_SECOND$/)}
`;

const checkHelp =
  () => `Checks the settings of the service, then tries to read from AWS in each account and region, and to reach Redis.
It changes nothing in AWS. It makes the files of NOTIFY_PATH and EMULATOR_PATH if they are missing, and writes a
key to Redis for 10 seconds. It prints a table, and ends with 1 if something in the table is wrong:

  certway check

${IN_SOURCES} Settings, from the environment, are those of the service.
`;
