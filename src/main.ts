import { fstatSync, writeSync } from 'node:fs';
import type { Logger } from 'pino';
import { createApiKey } from './auth/api-key.ts';
import { parseCommand } from './commands.ts';
import { createHostCheck } from './http/hosts.ts';
import { listen } from './http/listener.ts';
import { inBatches, loggerOptions } from './observability/log.ts';
import { createFileOutput } from './observability/log-output.ts';
import { type Config, ConfigError, parseConfig } from './settings/config.ts';
import { misspeltSettings } from './settings/misspelt.ts';

/** What an end of the process has to wait for. */
type Stop = () => Promise<void>;

/** The emulator takes any. */
const EMULATOR_REGION = 'us-east-1';

/** The SDK needs some; an emulator that was not told which takes any. */
const ANY_CREDENTIALS = { accessKeyId: 'any', secretAccessKey: 'any' };

/** So long the last lines wait for a reader. */
const END_MS = 1000;

/** Ctrl-C under npm comes twice: from the terminal, and from npm, which hands it on. That is one signal. */
const DOUBLED_MS = 250;

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

async function main(args: string[]): Promise<void> {
  const command = parseCommand(args);
  if (command.name === 'help') return print(command.text);
  if (command.name === 'version') return print((await manifest()).version);
  if (command.name === 'api-key') return printApiKey(command.keyName);

  for (const warning of misspeltSettings(process.env)) process.stderr.write(`${warning}\n`);
  const config = parseConfig(process.env);
  // A disk that is full, or a reader that has gone, is no reason to end what others use.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const started = command.name === 'emulator' ? startEmulatorAlone(config) : startAll(config);
  let toldAtMs: number | undefined;
  const onSignal = () => {
    const isFirst = toldAtMs === undefined;
    toldAtMs ??= performance.now();
    if (isFirst) void started.then((stop) => stop()).then(endSoon);
    else if (performance.now() - toldAtMs > DOUBLED_MS) process.exit(1);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  await started;
}

/** What nobody has read yet of what was printed does not hold up the end for ever. */
function endSoon(): void {
  setTimeout(() => process.exit(), END_MS).unref();
}

/** What is built has it inside. */
async function manifest(): Promise<{ version: string }> {
  const { default: all } = await import('../package.json', { with: { type: 'json' } });
  return all;
}

function printApiKey(name: string): void {
  const { key, entry } = createApiKey(name);
  print(`The key, for the caller. Nothing keeps it but you:\n\n  ${key}\n`);
  print(
    `Its entry for API_KEYS, for the service; take away the scopes that the caller is not to have:\n\n  ${entry}`,
  );
}

async function startEmulatorAlone(config: Config): Promise<Stop> {
  const { url, stop } = await startEmulator(config);
  print(`Emulator of API Gateway at ${url}. Try:\n\n  ${cliLine(config, url)}\n`);
  return stop;
}

async function startAll(config: Config): Promise<Stop> {
  const [{ startService }, log] = await Promise.all([import('./service.ts'), createLog(config)]);
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception');
    process.exit(1);
  });
  const emulator = config.UPSTREAM === 'emulator' ? await startEmulator(config) : undefined;
  const credentials = config.EMULATOR_CREDENTIALS ?? ANY_CREDENTIALS;
  const upstream = emulator && { endpoint: emulator.url, region: EMULATOR_REGION, credentials };
  const service = await startService({ config, log, ...(upstream && { upstream }) }).catch((error) => {
    throw cannotListen('', config.HOST, config.PORT, error);
  });

  print(`GraphQL and GraphiQL at ${service.url}/graphql`);
  print(
    emulator
      ? `Emulator of API Gateway at ${emulator.url}. It has the same certificates for the AWS CLI:\n\n  ${cliLine(config, emulator.url)}\n`
      : `On AWS, region ${service.region}`,
  );
  return async () => {
    await service.stop();
    await emulator?.stop();
  };
}

/** One JSON line for each entry, many lines at a time; in a terminal, as people read it. */
async function createLog(config: Config): Promise<Logger> {
  const { pino } = await import('pino');
  const options = loggerOptions(config.LOG_LEVEL);
  const { stdout } = process;
  if (stdout.isTTY) {
    const { inTerminal } = await import('./observability/log-terminal.ts');
    return pino(
      options,
      inTerminal((text) => stdout.write(text)),
    );
  }
  const isFile = fstatSync(stdout.fd).isFile();
  const lines = inBatches(isFile ? createFileOutput((bytes) => writeSync(stdout.fd, bytes)) : stdout);
  process.on('exit', lines.flush);
  return pino(options, lines);
}

async function startEmulator(config: Config): Promise<{ url: string; stop: Stop }> {
  const [{ createEmulator }, { exampleCertificates }] = await Promise.all([
    import('./emulator/index.ts'),
    import('./emulator/examples.ts'),
  ]);
  const path = config.EMULATOR_PATH || undefined;
  const server = orComplain(`EMULATOR_PATH: cannot use "${path}" as a database`, () =>
    createEmulator({
      path,
      examples: path === undefined ? exampleCertificates(new Date()) : [],
      quota: config.EMULATOR_QUOTA,
      requestsPerSecond: config.EMULATOR_REQUESTS_PER_SECOND,
      burst: config.EMULATOR_BURST,
      credentials: config.EMULATOR_CREDENTIALS ?? undefined,
      isAllowedHost: createHostCheck([config.EMULATOR_HOST, ...config.ALLOWED_HOSTS]),
    }),
  );
  const { EMULATOR_HOST: host, EMULATOR_PORT: port } = config;
  const { url, stop } = await listen(server, host, port).catch((error) => {
    throw cannotListen('EMULATOR_', host, port, error);
  });
  return { url, stop: () => stop(config.DRAIN_TIMEOUT_MS) };
}

/** Names the setting that has to be changed; what is no fault of a setting stays as it is. */
function cannotListen(prefix: string, host: string, port: number, error: NodeJS.ErrnoException): Error {
  const { code = '', message, syscall = '' } = error;
  if (!['listen', 'getaddrinfo'].includes(syscall)) return error;
  const setting = ['EADDRINUSE', 'EACCES'].includes(code) ? 'PORT' : 'HOST';
  const reason = code === 'EADDRINUSE' ? 'another process listens there' : message;
  return new ConfigError(`${prefix}${setting}: cannot listen on ${host}:${port}: ${reason}`);
}

function orComplain<T>(complaint: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new ConfigError(`${complaint}: ${error instanceof Error ? error.message : error}`);
  }
}

/** A line for a shell. It never has a secret that was configured, since what is printed ends in logs. */
function cliLine({ EMULATOR_CREDENTIALS: credentials }: Config, url: string): string {
  const { accessKeyId } = credentials ?? ANY_CREDENTIALS;
  const secret = credentials ? 'SECRET' : ANY_CREDENTIALS.secretAccessKey;
  const line =
    `AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secret} aws apigateway get-client-certificates ` +
    `--region ${EMULATOR_REGION} --endpoint-url ${url}`;
  return credentials ? `${line}\n\nSECRET stands for the secret of EMULATOR_CREDENTIALS.` : line;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
