import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
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

/** The SDK needs some; the emulator takes any. */
const EMULATOR_ACCESS = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
};

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
  const stop = command === 'emulator' ? await startEmulatorAlone(config) : await startService(config);
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    void stop();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
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
  print(`Emulator of API Gateway at ${url}. Try:\n\n  ${cliLine(url)}\n`);
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
    ...(emulator && { ...EMULATOR_ACCESS, endpoint: emulator.url }),
  }).catch((error) => {
    throw new ConfigError(`AWS_REGION: expected a region, got none (${error.message})`);
  });
  const server = createHttpServer(createServer({ config, apiGateway, log }));
  const url = await listen(server, config.HOST, config.PORT, 'PORT');

  print(`GraphQL and GraphiQL at ${url}/graphql`);
  print(
    emulator
      ? `Emulator of API Gateway at ${emulator.url}. It has the same certificates for the AWS CLI:\n\n  ${cliLine(emulator.url)}\n`
      : `On AWS, region ${apiGateway.region}`,
  );
  return async () => {
    await close(server);
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
    }),
  );
  const url = await listen(server, config.EMULATOR_HOST, config.EMULATOR_PORT, 'EMULATOR_PORT');
  return { url, stop: () => close(server) };
}

/** Starts to listen and answers with the URL; `setting` is what to change where that is not possible. */
async function listen(server: Server, host: string, port: number, setting: string): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening').catch(({ code, message }) => {
    const reason = code === 'EADDRINUSE' ? 'another process listens there' : message;
    throw new ConfigError(`${setting}: cannot listen on ${host}:${port}: ${reason}`);
  });
  const { address, family, port: actual } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
}

function orComplain<T>(complaint: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new ConfigError(`${complaint}: ${error instanceof Error ? error.message : error}`);
  }
}

function cliLine(url: string): string {
  const access = `--region ${EMULATOR_ACCESS.region} --endpoint-url ${url}`;
  return `AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any aws apigateway get-client-certificates ${access}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
