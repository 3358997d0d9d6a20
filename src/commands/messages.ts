import type { RunningService } from '../service.ts';
import { type Config, isOn } from '../settings/config.ts';
import type { RunningEmulator } from './emulator.ts';

/** A new API key for the caller, and its entry for the service. */
export const apiKeyText = ({ key, entry }: { key: string; entry: string }): string =>
  `The key, for the caller. Nothing keeps it but you:\n\n  ${key}\n\n` +
  `Its entry for API_KEYS, for the service; take away the scopes that the caller is not to have:\n\n  ${entry}`;

export const emulatorText = (config: Config, emulator: RunningEmulator): string =>
  `Emulator of API Gateway at ${emulator.upstream.endpoint}. Try:\n\n  ${cliLine(config, emulator, emulator.upstream)}\n`;

export const serviceText = (
  config: Config,
  { url, accountRegions }: Pick<RunningService, 'url' | 'accountRegions'>,
  emulator: RunningEmulator | undefined,
): string => {
  const upstream = emulator
    ? `Emulator of API Gateway at ${emulator.upstream.endpoint}. It has the same certificates for the AWS CLI:\n\n  ${cliLine(config, emulator, accountRegions[0])}\n`
    : `On AWS, ${whereOf(accountRegions)}`;
  const home = `${url}${config.BASE_PATH}`;
  const page = config.PAGE ? `A page for people at ${home}/\n` : '';
  const what = isOn(config, 'GRAPHIQL') ? 'GraphQL and GraphiQL' : 'GraphQL';
  return `${page}${what} at ${home}/graphql\n${upstream}`;
};

/** How many are printed by name. */
const MAX_NAMES = 5;

function whereOf(accountRegions: RunningService['accountRegions']): string {
  const [{ name, account }, ...others] = accountRegions;
  if (account === undefined && others.length === 0) return `region ${name}`;
  const names = accountRegions.map(({ name }) => name);
  if (names.length <= MAX_NAMES) return names.join(', ');
  const accounts = new Set(accountRegions.map(({ account }) => account)).size;
  const count = (number: number, what: string) =>
    `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
  return `${count(names.length, 'region')} of ${count(accounts, 'account')}: ${names.slice(0, 3).join(', ')} and so on`;
}

/** A line for a shell. It never contains a configured secret, since printed text ends up in logs. */
function cliLine(
  { EMULATOR_CREDENTIALS }: Config,
  { upstream: { endpoint, credentials } }: RunningEmulator,
  { accountId, region }: { accountId?: string | undefined; region: string },
): string {
  const key = EMULATOR_CREDENTIALS ? credentials.accessKeyId : (accountId ?? credentials.accessKeyId);
  const secret = EMULATOR_CREDENTIALS ? 'SECRET' : credentials.secretAccessKey;
  const line =
    `AWS_ACCESS_KEY_ID=${key} AWS_SECRET_ACCESS_KEY=${secret} aws apigateway get-client-certificates ` +
    `--region ${region} --endpoint-url ${endpoint}`;
  return EMULATOR_CREDENTIALS ? `${line}\n\nSECRET stands for the secret of EMULATOR_CREDENTIALS.` : line;
}
