import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createClientCertificatePem, generateRsaKeyPair } from '../../src/emulator/x509.ts';
import { emulate, oneKeyPair } from './support.ts';

const run = promisify(execFile);
const keyPairs = [await oneKeyPair, await generateRsaKeyPair()] as const;
const [keyPair] = keyPairs;

const DAY_MS = 24 * 60 * 60 * 1000;
const seconds = (from: string, to: string) =>
  fc
    .integer({ min: Date.parse(from) / 1000, max: Date.parse(to) / 1000 })
    .map((epochSeconds) => new Date(epochSeconds * 1000));

const dates = seconds('2015-07-09T00:00:00Z', '2099-12-31T23:59:59Z');
const inUtcTime = seconds('2015-07-09T00:00:00Z', '2048-12-31T23:59:59Z');

/** The elements of a DER value, each with its tag and content. */
function elements(der: Buffer): { tag: number; content: Buffer }[] {
  if (der.length === 0) return [];
  const [tag = 0, first = 0] = der;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthBytes === 0 ? first : der.readUIntBE(2, lengthBytes);
  const end = 2 + lengthBytes + length;
  return [{ tag, content: der.subarray(2 + lengthBytes, end) }, ...elements(der.subarray(end))];
}

const only = <T>(values: T[]): T => {
  expect(values).toHaveLength(1);
  return values[0] as T;
};

/** The seven parts of the signed half of a certificate: there is no eighth, which would be the extensions. */
function parts(pem: string) {
  const [signed] = elements(only(elements(new X509Certificate(pem).raw)).content);
  const [version, serial, algorithm, issuer, validity, subject, publicKey, ...more] = elements(
    signed?.content ?? Buffer.of(),
  );
  return { version, serial, algorithm, issuer, validity, subject, publicKey, more };
}

test('any certificate is X.509 v3 without extensions, signed by itself with SHA-256 and RSA', () => {
  const property = fc.property(
    dates,
    fc.constantFrom(...keyPairs),
    (createdDate, { publicKey, privateKey, spki }) => {
      const pem = createClientCertificatePem({ publicKey, privateKey, spki }, createdDate);
      const { version, issuer, subject, more } = parts(pem);
      expect(version).toEqual({ tag: 0xa0, content: Buffer.of(2, 1, 2) });
      expect(more).toEqual([]);
      expect(issuer).toEqual(subject);
      const certificate = new X509Certificate(pem);
      expect(certificate.subject).toBe('C=US\nL=Seattle\nCN=ApiGateway');
      expect(certificate.issuer).toBe(certificate.subject);
      expect(certificate.signatureAlgorithm).toBe('sha256WithRSAEncryption');
      expect(certificate.verify(publicKey)).toBe(true);
      expect(certificate.checkIssued(certificate)).toBe(true);
      expect(certificate.checkPrivateKey(privateKey)).toBe(true);
      expect(certificate.ca).toBe(false);
    },
  );
  fc.assert(property, { numRuns: 60 });
});

test('the names are printable strings', () => {
  const { subject } = parts(createClientCertificatePem(keyPair, new Date(0)));
  const attributes = elements(subject?.content ?? Buffer.of()).map(({ tag, content }) => {
    expect(tag).toBe(0x31);
    return elements(only(elements(content)).content).map((part) => [
      part.tag,
      part.content.toString('latin1'),
    ]);
  });
  expect(attributes).toEqual([
    [
      [0x06, 'U\x04\x06'],
      [0x13, 'US'],
    ],
    [
      [0x06, 'U\x04\x07'],
      [0x13, 'Seattle'],
    ],
    [
      [0x06, 'U\x04\x03'],
      [0x13, 'ApiGateway'],
    ],
  ]);
});

test('the key of a certificate is RSA with 2048 bits and the exponent 65537', () => {
  const { publicKey } = new X509Certificate(createClientCertificatePem(keyPair, new Date(0)));
  expect(publicKey.asymmetricKeyType).toBe('rsa');
  expect(publicKey.asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65537n });
  expect(publicKey.equals(keyPair.publicKey)).toBe(true);
});

test('any certificate is valid for 365 days from its date, to the second', () => {
  const property = fc.property(dates, (createdDate) => {
    const { validFromDate, validToDate } = new X509Certificate(
      createClientCertificatePem(keyPair, createdDate),
    );
    expect(validFromDate).toEqual(createdDate);
    expect(validToDate).toEqual(new Date(createdDate.getTime() + 365 * DAY_MS));
  });
  const examples = [
    '2049-01-01T00:00:00Z',
    '2049-12-31T23:59:59Z',
    '2050-01-01T00:00:00Z',
    '2024-02-29T12:00:00Z',
  ];
  fc.assert(property, { numRuns: 60, examples: examples.map((date) => [new Date(date)]) });
});

test('dates until 2049 are UTCTime, later ones GeneralizedTime', () => {
  const validity = (date: string) =>
    elements(parts(createClientCertificatePem(keyPair, new Date(date))).validity?.content ?? Buffer.of()).map(
      ({ tag, content }) => [tag, content.toString()],
    );
  expect(validity('2026-11-20T01:02:03Z')).toEqual([
    [0x17, '261120010203Z'],
    [0x17, '271120010203Z'],
  ]);
  expect(validity('2049-12-31T23:59:59Z')).toEqual([
    [0x17, '491231235959Z'],
    [0x18, '20501231235959Z'],
  ]);
  expect(validity('2050-01-01T00:00:00Z')).toEqual([
    [0x18, '20500101000000Z'],
    [0x18, '20510101000000Z'],
  ]);
});

test('serial numbers are positive, of at most 8 random bytes, each different', () => {
  const pems = Array.from({ length: 300 }, () => createClientCertificatePem(keyPair, new Date(0)));
  const serials = pems.map((pem) => parts(pem).serial?.content ?? Buffer.of());
  const numbers = serials.map((serial) => BigInt(`0x${serial.toString('hex')}`));
  for (const [i, serial] of serials.entries()) {
    expect(numbers[i]).toBeGreaterThan(0n);
    expect(numbers[i]).toBeLessThan(2n ** 64n);
    const [first = 0, second = 0] = serial;
    expect(first).toBeLessThan(0x80);
    if (first === 0) expect(second).toBeGreaterThanOrEqual(0x80);
  }
  expect(new Set(numbers).size).toBe(300);
  expect(numbers.some((number) => number >= 2n ** 63n)).toBe(true);
  expect(numbers.some((number) => number < 2n ** 63n && number >= 2n ** 62n)).toBe(true);
});

test.each([
  ['ffffffffffffffff', '00ffffffffffffffff', 749],
  ['7fffffffffffffff', '7fffffffffffffff', 748],
  ['00ffffffffffffff', '00ffffffffffffff', 748],
  ['007fffffffffffff', '7fffffffffffff', 747],
  ['0000000000000080', '0080', 742],
  ['0000000000000001', '01', 741],
  ['0000000000000000', '01', 741],
])('of the serial %s the leading zero bits are left out: %s, %i bytes', (serial, written, length) => {
  const pem = createClientCertificatePem(keyPair, new Date(0), Buffer.from(serial, 'hex'));
  expect(parts(pem).serial?.content.toString('hex')).toBe(written);
  expect(new X509Certificate(pem).raw).toHaveLength(length);
  expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\r\nMIIC/);
});

test('any certificate has 741 to 749 bytes, in lines of 64 that end with CRLF but for the last', () => {
  const serials = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes));
  const property = fc.property(inUtcTime, serials, (createdDate, serial) => {
    const pem = createClientCertificatePem(keyPair, createdDate, serial);
    const { length } = new X509Certificate(pem).raw;
    expect(length).toBeGreaterThanOrEqual(741);
    expect(length).toBeLessThanOrEqual(749);
    const [begin, ...lines] = pem.split('\r\n');
    expect([begin, lines.pop()]).toEqual(['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----']);
    expect(lines.pop()).toMatch(/^[\w+/=]{1,64}$/);
    for (const line of lines) expect(line).toMatch(/^[\w+/]{64}$/);
  });
  const examples = ['00'.repeat(8), `${'00'.repeat(7)}ff`, 'ff'.repeat(8)];
  fc.assert(property, {
    numRuns: 60,
    examples: examples.map((serial) => [new Date('2026-11-20T01:02:03Z'), Buffer.from(serial, 'hex')]),
  });
});

test('openssl reads it, finds nothing more in it, and verifies it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'certway-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'certificate.pem');
  const aMinuteAgo = new Date(Math.floor(Date.now() / 1000 - 60) * 1000);
  await writeFile(file, createClientCertificatePem(keyPair, aMinuteAgo));
  const { stdout } = await run('openssl', ['x509', '-in', file, '-noout', '-text', '-nameopt', 'RFC2253']);
  expect(stdout).toContain('Version: 3 (0x2)');
  expect(stdout).toContain('Issuer: CN=ApiGateway,L=Seattle,C=US');
  expect(stdout).toContain('Subject: CN=ApiGateway,L=Seattle,C=US');
  expect(stdout).toContain('Public-Key: (2048 bit)');
  expect(stdout).toContain('Exponent: 65537 (0x10001)');
  expect(stdout.match(/Signature Algorithm: sha256WithRSAEncryption/g)).toHaveLength(2);
  expect(stdout).not.toContain('X509v3');
  expect((await run('openssl', ['verify', '-CAfile', file, file])).stdout).toBe(`${file}: OK\n`);
});

test('each certificate that the emulator generates has a key pair of its own', async () => {
  const { http } = await emulate({
    generateKeyPair: generateRsaKeyPair,
    now: () => new Date(1_800_000_000_999),
  });
  const generate = async () => (await http('/clientcertificates', { method: 'POST', body: '{}' })).body;
  const [a, b] = [await generate(), await generate()];
  const [first, second] = [a, b].map((made) => new X509Certificate(made.pemEncodedCertificate));
  expect(first?.publicKey.export({ format: 'jwk' })).not.toEqual(second?.publicKey.export({ format: 'jwk' }));
  expect([a.createdDate, first?.validFromDate.getTime()]).toEqual([1_800_000_000, 1_800_000_000_000]);
  expect(Object.keys(a)).not.toContain('privateKey');
  expect(JSON.stringify(a)).not.toContain('PRIVATE');
});
