import { createHash, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';

/** The lifetime of every client certificate: 365 days, in leap years, too. */
export const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;

/** `spki` is the public key in DER, kept because writing it takes as long as a short signature. */
export type KeyPair = { publicKey: KeyObject; privateKey: KeyObject; spki: Buffer };

const generate = promisify(generateKeyPair);

/**
 * Generates an RSA key pair, of 2048 bits as AWS's, in the thread pool, since that takes a tenth of a
 * second or more.
 */
export async function generateRsaKeyPair(modulusLength = 2048): Promise<KeyPair> {
  const keys = await generate('rsa', { modulusLength });
  return { ...keys, spki: keys.publicKey.export({ type: 'spki', format: 'der' }) };
}

/** The private key, with the SHA-256 of the public key as its id. */
export const privateKeyOf = ({ spki, privateKey }: KeyPair) => ({
  id: createHash('sha256').update(spki).digest('hex'),
  pem: () => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
});

/**
 * A certificate with the same bytes as API Gateway's, except for key, serial and dates: X.509 v3
 * without extensions, self-signed `C=US, L=Seattle, CN=ApiGateway`, SHA-256 with RSA, a random
 * serial of 64 bits, valid for 365 days from `createdDate`. The PEM has CRLF lines and no newline
 * at the end.
 */
export function createClientCertificatePem(
  { spki, privateKey }: KeyPair,
  createdDate: Date,
  serial = randomBytes(8),
): string {
  const signatureAlgorithm = sequence(SHA256_WITH_RSA, der(0x05));
  const name = sequence(attribute(0x06, 'US'), attribute(0x07, 'Seattle'), attribute(0x03, 'ApiGateway'));
  const certificate = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, unsigned(serial)),
    signatureAlgorithm,
    name,
    sequence(time(createdDate), time(new Date(createdDate.getTime() + LIFETIME_MS))),
    name,
    spki,
  );
  const signature = sign('sha256', certificate, privateKey);
  return pem(sequence(certificate, signatureAlgorithm, der(0x03, Buffer.of(0), signature)));
}

const SHA256_WITH_RSA = Buffer.from('06092a864886f70d01010b', 'hex');

function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), body]);
  if (length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, length), body]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), body]);
}

const sequence = (...content: Uint8Array[]) => der(0x30, ...content);

/**
 * A relative distinguished name: a set of one attribute in the arc 2.5.4 (X.520), a
 * PrintableString.
 */
const attribute = (arc: number, value: string) =>
  der(0x31, sequence(Buffer.of(0x06, 0x03, 0x55, 0x04, arc), der(0x13, Buffer.from(value))));

/** The shortest DER encoding of a positive INTEGER (X.690, 8.3). */
function unsigned(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first === -1 ? Buffer.of(1) : bytes.subarray(first);
  return (significant[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), significant]) : significant;
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return date.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits));
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\r\n');
}
