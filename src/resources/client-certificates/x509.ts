import { X509Certificate as Certificate } from 'node:crypto';
import { UpstreamError } from '../../errors.ts';
import type { MaybePromise } from '../../maybe-promise.ts';

/** What the PEM of a certificate says. */
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
    fingerprintSha1: certificate.fingerprint,
    fingerprintSha256: certificate.fingerprint256,
    publicKeyAlgorithm: (publicKey.asymmetricKeyType ?? 'unknown').toUpperCase(),
    publicKeyBits: certificate.toLegacyObject().bits ?? 0,
    signatureAlgorithm: certificate.signatureAlgorithm ?? 'unknown',
  };
}

/** What a certificate says, once it is its turn to be parsed; at once where that has been done. Rejects with an `UpstreamError`. */
export type X509Reader = (
  certificate: { readonly pemEncodedCertificate: string },
  inTurn: () => Promise<void>,
) => MaybePromise<X509Certificate>;

/** Parses each certificate once, for all who ask for it as long as it is in use. */
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

/** Node has one relative name a line; openssl, and people, have them in one. */
const oneLine = (name: string) => name.replaceAll('\n', ', ');
