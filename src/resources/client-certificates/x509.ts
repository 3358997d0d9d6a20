import { X509Certificate as Certificate } from 'node:crypto';
import { UpstreamError } from '../../errors/errors.ts';
import type { MaybePromise } from '../../maybe-promise.ts';

/** The content of the PEM of a certificate. */
export type X509Certificate = {
  subject: string;
  issuer: string;
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  fingerprintSha1: string;
  fingerprintSha256: string;
  publicKeyAlgorithm: string;
  publicKeyBits: number;
  signatureAlgorithm: string;
  /** As OpenSSL writes it: LF lines, a newline at the end, and nothing before or behind the certificate. */
  pem: string;
};

/** An error if AWS sent something else than a certificate. Takes about 60 µs. */
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
    fingerprintSha1: certificate.fingerprint,
    fingerprintSha256: certificate.fingerprint256,
    publicKeyAlgorithm: (publicKey.asymmetricKeyType ?? 'unknown').toUpperCase(),
    publicKeyBits: certificate.toLegacyObject().bits ?? 0,
    signatureAlgorithm: certificate.signatureAlgorithm ?? 'unknown',
    pem: certificate.toString(),
  };
}

/** Parses a certificate when it is its turn; synchronous if it was parsed before. Rejects with an `UpstreamError`. */
export type X509Reader = (
  certificate: { readonly pemEncodedCertificate: string },
  inTurn: () => Promise<void>,
) => MaybePromise<X509Certificate>;

/** Parses each certificate once, as long as it is in use. */
export function createX509Reader(): X509Reader {
  const known = new WeakMap<object, MaybePromise<X509Certificate>>();
  return (certificate, inTurn) => {
    const there = known.get(certificate);
    if (there) return there;
    const parsing = inTurn().then(() => {
      const parsed = parseX509(certificate.pemEncodedCertificate);
      if (parsed instanceof UpstreamError) throw parsed;
      known.set(certificate, parsed);
      return parsed;
    });
    known.set(certificate, parsing);
    return parsing;
  };
}

function readPem(pemEncodedCertificate: string): Certificate | UpstreamError {
  try {
    return new Certificate(pemEncodedCertificate);
  } catch {
    return new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent a PEM that is not an X.509 certificate.');
  }
}

/** A fingerprint in lower case without colons: `abcd` of `AB:CD`. */
export const bareFingerprint = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

/** Node has one relative name per line; openssl and people write them on one line. */
const oneLine = (name: string) => name.replaceAll('\n', ', ');
