import { once } from 'node:events';
import { createServer as createHttpServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApiKey, EXPECTED_NAME, isApiKeyName } from './api-key.ts';
import { type Config, ConfigError, describeSettings, parseConfig } from './config.ts';

const USAGE = `Certway: GraphQL over Amazon API Gateway's client certificates

  npm start                  the service, on its embedded emulator of API Gateway
  UPSTREAM=aws npm start     the service, on AWS
  npm run emulator           the emulator alone
  npm run api-key -- NAME    a new API key, and its entry for API_KEYS
  npm start -- --help        this text

Settings, from the environment:

${describeSettings()}
`;

/** What an end of the process has to wait for. */
type Stop = () => Promise<void>;

/** The emulator takes any. */
const EMULATOR_REGION = 'us-east-1';

/** The SDK needs some; an emulator that was not told which takes any. */
const ANY_CREDENTIALS = { accessKeyId: 'any', secretAccessKey: 'any' };

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

async function main(args: string[]): Promise<void> {
  const [command = 'serve'] = args;
  if (command === '--help' || command === '-h') return print(USAGE);
  if (command === 'api-key') return printApiKey(args.slice(1));
  if (args.length > 1 || !['serve', 'emulator'].includes(command))
    throw new ConfigError(
      `expected no argument, "emulator", "api-key NAME" or "--help", got "${args.join(' ')}"`,
    );

  const config = parseConfig(process.env);
  const started = command === 'emulator' ? startEmulatorAlone(config) : startService(config);
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    void started.then((stop) => stop());
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  await started;
}

function printApiKey([name = '', ...others]: string[]): void {
  if (!isApiKeyName(name) || others.length > 0)
    throw new ConfigError(`expected one name of ${EXPECTED_NAME}, got "${[name, ...others].join(' ')}"`);
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

async function startService(config: Config): Promise<Stop> {
  const [{ createServer }, { createApiGateway }, { pino }] = await Promise.all([
    import('./server.ts'),
    import('./api-gateway.ts'),
    import('pino'),
  ]);
  const log = pino({ level: config.LOG_LEVEL });
  const emulator = config.UPSTREAM === 'emulator' ? await startEmulator(config) : undefined;
  const apiGateway = await createApiGateway({
    connectTimeoutMs: config.UPSTREAM_CONNECT_TIMEOUT_MS,
    requestTimeoutMs: config.UPSTREAM_REQUEST_TIMEOUT_MS,
    onCall: (call) => log.debug(call, 'AWS call'),
    ...(emulator && {
      region: EMULATOR_REGION,
      credentials: config.EMULATOR_CREDENTIALS ?? ANY_CREDENTIALS,
      endpoint: emulator.url,
    }),
  }).catch((error) => {
    throw new ConfigError(`AWS_REGION: expected a region such as us-east-1: ${error.message}`);
  });
  const server = createHttpServer(createServer({ config, apiGateway, log }));
  const { url, stop } = await listen(server, config.HOST, config.PORT);

  print(`GraphQL and GraphiQL at ${url}/graphql`);
  print(
    emulator
      ? `Emulator of API Gateway at ${emulator.url}. It has the same certificates for the AWS CLI:\n\n  ${cliLine(config, emulator.url)}\n`
      : `On AWS, region ${apiGateway.region}`,
  );
  return async () => {
    await stop();
    apiGateway.client.destroy();
    await emulator?.stop();
  };
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
    }),
  );
  return listen(server, config.EMULATOR_HOST, config.EMULATOR_PORT, 'EMULATOR_');
}

/** Starts to listen; the settings `HOST` and `PORT` with this prefix are what to change where that is not possible. */
async function listen(
  server: Server,
  host: string,
  port: number,
  prefix = '',
): Promise<{ url: string; stop: Stop }> {
  const unanswered = new Set<ServerResponse>();
  server.prependListener('request', (_, response) => {
    response.shouldKeepAlive &&= server.listening;
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
  });
  server.listen(port, host);
  await once(server, 'listening').catch(({ code, message }) => {
    const setting = ['EADDRINUSE', 'EACCES'].includes(code) ? 'PORT' : 'HOST';
    const reason = code === 'EADDRINUSE' ? 'another process listens there' : message;
    throw new ConfigError(`${prefix}${setting}: cannot listen on ${host}:${port}: ${reason}`);
  });
  const { address, family, port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    stop: () => close(server, unanswered),
  };
}

/**
 * Takes no new connection, and at most one more request on each that there is. Node's own `close` would wait for
 * those on which none has come, such as browsers open ahead, and go on with those that it has just answered on.
 */
async function close(server: Server, unanswered: Set<ServerResponse>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const response of unanswered) response.shouldKeepAlive = false;
  for (const response of unanswered) await once(response, 'close'); // and those that come meanwhile
  server.closeAllConnections();
  await closed;
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
