import { X509Certificate as Certificate } from 'node:crypto';
import { UpstreamError } from './errors.ts';

/** What the PEM of a certificate says. */
export type X509Certificate = {
  subject: string;
  issuer: string;
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  fingerprintSha256: string;
  publicKeyAlgorithm: string;
  publicKeyBits: number;
  signatureAlgorithm: string;
};

/** An error where AWS sent something that is no certificate. Takes about 60 µs. */
export function parseX509(pemEncodedCertificate: string): X509Certificate | UpstreamError {
  const certificate = readPem(pemEncodedCertificate);
  if (certificate instanceof UpstreamError) return certificate;
  const { publicKey } = certificate;
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serialNumber: certificate.serialNumber,
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    fingerprintSha256: certificate.fingerprint256,
    publicKeyAlgorithm: (publicKey.asymmetricKeyType ?? 'unknown').toUpperCase(),
    publicKeyBits: certificate.toLegacyObject().bits ?? 0,
    signatureAlgorithm: certificate.signatureAlgorithm ?? 'unknown',
  };
}

/** For how long one turn of the event loop may parse, so that other requests are not held up. */
const MAX_TURN_MS = 10;

/** Many certificates, with other work done in between. */
export async function parseInTurns(
  pemEncodedCertificates: readonly string[],
): Promise<(X509Certificate | UpstreamError)[]> {
  const parsed: (X509Certificate | UpstreamError)[] = [];
  let startedAtMs = performance.now();
  for (const pemEncodedCertificate of pemEncodedCertificates) {
    if (performance.now() - startedAtMs > MAX_TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      startedAtMs = performance.now();
    }
    parsed.push(parseX509(pemEncodedCertificate));
  }
  return parsed;
}

function readPem(pemEncodedCertificate: string): Certificate | UpstreamError {
  try {
    return new Certificate(pemEncodedCertificate);
  } catch {
    return new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent a PEM that is not an X.509 certificate.');
  }
}

/** Node has one relative name a line; openssl, and people, have them in one. */
const oneLine = (name: string) => name.replaceAll('\n', ', ');
