import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { type AllowedBackends, addressOf, portOf } from './allowed.ts';

/** The certificate of the backend is not valid. */
export class UntrustedBackend extends Error {
  override readonly name = 'UntrustedBackend';
}

export type ConnectOptions = {
  allowed: AllowedBackends;
  secureContext: SecureContext;
  /**
   * As in `tlsConfig` of an integration: accepts any issuer, but still checks the host and the
   * dates.
   */
  insecureSkipVerification: boolean;
  signal: AbortSignal;
};

/**
 * Opens a connection to the URL's host. With https, the backend's certificate is checked before a
 * request is sent.
 */
export async function connectTo(url: URL, options: ConnectOptions): Promise<Socket> {
  const { allowed, signal } = options;
  allowed.check(url);
  const host = addressOf(url);
  const tcp = { host, port: portOf(url), lookup: allowed.lookupFor(url) };
  const socket = url.protocol === 'https:' ? tlsTo(host, tcp, options) : connectTcp(tcp);
  const abort = () => socket.destroy(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
  await once(socket, url.protocol === 'https:' ? 'secureConnect' : 'connect');
  if (url.protocol === 'https:') checkCertificate(socket as TLSSocket, host, options);
  return socket;
}

const tlsTo = (host: string, tcp: object, { secureContext }: ConnectOptions): TLSSocket =>
  connectTls({
    ...tcp,
    secureContext,
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: false, // checked below, where the error can be told from others
  });

function checkCertificate(
  socket: TLSSocket,
  host: string,
  { insecureSkipVerification }: ConnectOptions,
): void {
  const certificate = socket.getPeerX509Certificate();
  const wrongIssuer = insecureSkipVerification || socket.authorized ? undefined : socket.authorizationError;
  const reason = wrongIssuer ?? (certificate ? wrongDatesOrHost(certificate, host) : 'No certificate');
  if (reason === undefined) return;
  socket.destroy();
  throw new UntrustedBackend(String(reason));
}

function wrongDatesOrHost(certificate: X509Certificate, host: string): string | undefined {
  const now = Date.now();
  if (certificate.validFromDate.getTime() > now) return 'CERT_NOT_YET_VALID';
  if (certificate.validToDate.getTime() < now) return 'CERT_HAS_EXPIRED';
  return checkServerIdentity(host, certificate.toLegacyObject())?.message;
}
