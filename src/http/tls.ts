import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Server } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { type Config, ConfigError } from '../settings/config.ts';
import { type FollowOptions, followFiles, textOfFile } from '../settings/followed-files.ts';
import type { TlsConnections } from './tls-connections.ts';

/** What TLS needs, and how it is renewed when the files change. */
export type Tls = {
  options: SecureContextOptions & { requestCert: boolean; rejectUnauthorized: false };
  follow(server: Server, how: FollowOptions & { connections: TlsConnections }): void;
};

const NAMES = ['TLS_CERT_FILE', 'TLS_KEY_FILE', 'TLS_CLIENT_CA_FILE'] as const;

/**
 * Reads the files of the settings; undefined if there are none. Throws a `ConfigError` if they cannot be used. With authorities,
 * clients are asked for a certificate, but those without one are not refused before their request is known: `/health` and
 * `/ready` are open to all.
 */
export function readTls(config: Pick<Config, (typeof NAMES)[number]>): Tls | undefined {
  if (config.TLS_CERT_FILE === '') return undefined;
  const names = NAMES.filter((name) => config[name] !== '');
  const paths = names.map((name) => config[name]);
  const texts = paths.map(readFor(names));
  const options = { ...parse(texts), requestCert: texts.length > 2, rejectUnauthorized: false as const };
  return {
    options,
    follow(server, { connections, ...how }) {
      let ca = texts[2];
      connections.watch(server);
      // A connection from before other authorities were trusted ends with its next response, so that its client is checked again.
      server.prependListener('request', ({ socket }, response) => {
        response.shouldKeepAlive &&= connections.isChecked(socket);
      });
      const take = (now: string[]) => {
        server.setSecureContext(parse(now));
        if (now[2] !== ca) connections.distrust();
        ca = now[2];
      };
      followFiles(names.join(', '), paths, texts, take, how);
    },
  };
}

const readFor = (names: readonly string[]) => (path: string, i: number) => {
  try {
    return textOfFile(path);
  } catch (error) {
    throw wrong(names[i], error);
  }
};

/** Throws a `ConfigError` for the first text that cannot be used. */
function parse([cert = '', key = '', ca]: readonly string[]): SecureContextOptions {
  for (const [name, text] of [
    ['TLS_CERT_FILE', cert],
    ['TLS_CLIENT_CA_FILE', ca],
  ] as const)
    if (text !== undefined) check(name, text, { [name === 'TLS_CERT_FILE' ? 'cert' : 'ca']: text });
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key))
    throw wrong('TLS_KEY_FILE', 'it has no private key in PEM');
  const options = { cert, key, ...(ca !== undefined && { ca }) };
  try {
    // OpenSSL itself would take a key of another algorithm than that of the certificate.
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      throw new Error('it is not the key of the certificate');
    createSecureContext(options);
  } catch (error) {
    throw wrong('TLS_KEY_FILE', error);
  }
  return options;
}

function check(name: string, text: string, options: SecureContextOptions): void {
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw wrong(name, 'it has no certificate in PEM');
  try {
    createSecureContext(options);
  } catch (error) {
    throw wrong(name, error);
  }
}

const wrong = (name: string | undefined, reason: unknown): ConfigError =>
  new ConfigError(`${name}: cannot be used: ${reason instanceof Error ? reason.message : reason}`);
