import { exampleCertificates } from '../emulator/examples.ts';
import { createEmulator } from '../emulator/index.ts';
import { createHostCheck } from '../http/hosts.ts';
import { listen } from '../http/listener.ts';
import { type Config, ConfigError } from '../settings/config.ts';
import { listenError } from './listen-error.ts';

/** The emulator as it listens, and how the SDK finds it. */
export type RunningEmulator = {
  upstream: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  stop(): Promise<void>;
};

/** The emulator takes any. */
const REGION = 'us-east-1';

/** The SDK needs some; an emulator that was not told which takes any. */
const ANY_CREDENTIALS = { accessKeyId: 'any', secretAccessKey: 'any' };

/** Throws a `ConfigError` where it cannot use its file or listen. */
export async function startEmulator(config: Config): Promise<RunningEmulator> {
  const { EMULATOR_HOST: host, EMULATOR_PORT: port } = config;
  const { url, stop } = await listen(create(config), host, port).catch((error) => {
    throw listenError('EMULATOR_', host, port, error);
  });
  const credentials = config.EMULATOR_CREDENTIALS ?? ANY_CREDENTIALS;
  return {
    upstream: { endpoint: url, region: REGION, credentials },
    stop: () => stop(config.DRAIN_TIMEOUT_MS),
  };
}

function create(config: Config) {
  const path = config.EMULATOR_PATH || undefined;
  try {
    return createEmulator({
      path,
      examples: path === undefined ? exampleCertificates(new Date()) : [],
      quota: config.EMULATOR_QUOTA,
      requestsPerSecond: config.EMULATOR_REQUESTS_PER_SECOND,
      burst: config.EMULATOR_BURST,
      credentials: config.EMULATOR_CREDENTIALS ?? undefined,
      isAllowedHost: createHostCheck([config.EMULATOR_HOST, ...config.ALLOWED_HOSTS]),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`EMULATOR_PATH: cannot use "${path}" as a database: ${reason}`);
  }
}
