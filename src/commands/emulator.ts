import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { DEFAULT } from '../emulator/account-region-name.ts';
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
    upstream: { endpoint: url, region: DEFAULT.region, credentials },
    stop: () => stop(config.DRAIN_TIMEOUT_MS),
  };
}

function create(config: Config) {
  const path = config.EMULATOR_PATH || undefined;
  const backendCa = config.EMULATOR_BACKEND_CA === '' ? undefined : readCa(config.EMULATOR_BACKEND_CA);
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
      backends: config.EMULATOR_BACKENDS,
      backendCa,
      isAllowedHost: createHostCheck([config.EMULATOR_HOST, ...config.ALLOWED_HOSTS]),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`EMULATOR_PATH: cannot use "${path}" as a database: ${reason}`);
  }
}

function readCa(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8');
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new Error('it has no certificate in PEM');
    createSecureContext({ ca: pem }); // throws if a certificate is broken
    return pem;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`EMULATOR_BACKEND_CA: cannot use "${file}": ${reason}`);
  }
}
