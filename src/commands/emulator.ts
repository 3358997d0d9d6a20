import { exampleApis, exampleCertificates, exampleRestApis } from '../emulator/examples.ts';
import { createEmulator } from '../emulator/index.ts';
import { createHostCheck } from '../http/hosts.ts';
import { listen } from '../http/listener.ts';
import { type Config, ConfigError } from '../settings/config.ts';
import { listenError } from './listen-error.ts';

/** An emulator that listens, and what the SDK needs to call it. */
export type RunningEmulator = {
  upstream: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  stop(): Promise<void>;
};

/** The emulator accepts any region. */
const REGION = 'us-east-1';

/** The SDK needs credentials; an emulator without EMULATOR_CREDENTIALS accepts any. */
const ANY_CREDENTIALS = { accessKeyId: 'any', secretAccessKey: 'any' };

/** Rejects with a `ConfigError` if the emulator cannot use its file or cannot listen. */
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
      ...(path === undefined && {
        examples: exampleCertificates(new Date()),
        restApis: exampleRestApis,
        apis: exampleApis,
      }),
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
