import { createHash, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClientCertificatePem, generateRsaKeyPair } from '../../src/emulator/x509.ts';
import { UpstreamError } from '../../src/errors/errors.ts';
import {
  type ClientCertificate,
  toClientCertificate,
} from '../../src/resources/client-certificates/client-certificate.ts';
import { createTrustBundle } from '../../src/resources/client-certificates/trust-bundle.ts';
import {
  type Entry,
  TRUST_BUNDLE_FORMATS,
  type TrustBundleFormat,
} from '../../src/resources/client-certificates/trust-bundle-texts.ts';
import { parseX509 } from '../../src/resources/client-certificates/x509.ts';

const keyPair = await generateRsaKeyPair();

function whole<T>(value: T | UpstreamError): T {
  if (value instanceof UpstreamError) throw value;
  return value;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST = Date.parse('2026-11-01T00:00:00Z');

function entryOf(number: number, description?: string): Entry {
  const createdDate = new Date(FIRST + number * DAY_MS);
  const pemEncodedCertificate = createClientCertificatePem(keyPair, createdDate);
  const certificate: ClientCertificate = whole(
    toClientCertificate(
      {
        clientCertificateId: `c${number}`,
        createdDate,
        expirationDate: new Date(createdDate.getTime() + 365 * DAY_MS),
        pemEncodedCertificate,
        ...(description !== undefined && { description }),
      },
      { accountId: undefined, account: undefined, region: 'us-east-1' },
    ),
  );
  return { certificate, x509: whole(parseX509(pemEncodedCertificate)) };
}

const older = entryOf(0, 'Payments backend');
const newer = entryOf(1);
const two = createTrustBundle([newer, older]);
const withComments = TRUST_BUNDLE_FORMATS.filter((format) => format !== 'JSON');

const hex = (fingerprint: string) => fingerprint.replaceAll(':', '').toLowerCase();
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const OLDER = '# c0, expires 2027-11-01: Payments backend';
const NEWER = '# c1, expires 2027-11-02';

test('the PEM has both certificates, the older one first', () => {
  const text = two.text('PEM');
  const [first = '', second = ''] = text.match(/-----BEGIN[\s\S]*?END CERTIFICATE-----\n/g) ?? [];
  expect(text).toBe(`${OLDER}\n${first}${NEWER}\n${second}`);
  expect([first, second].map((pem) => new X509Certificate(pem).fingerprint256)).toEqual([
    older.x509.fingerprintSha256,
    newer.x509.fingerprintSha256,
  ]);
  expect(two.sha256()).toBe(createHash('sha256').update(text).digest('hex'));
});

test.each<[TrustBundleFormat, string[]]>([
  ['SHA1', [OLDER, hex(older.x509.fingerprintSha1), NEWER, hex(newer.x509.fingerprintSha1)]],
  ['SHA256', [OLDER, hex(older.x509.fingerprintSha256), NEWER, hex(newer.x509.fingerprintSha256)]],
  [
    'NGINX',
    [
      'map $ssl_client_fingerprint $client_certificate_is_trusted {',
      '  default 0;',
      `  ${OLDER}`,
      `  ${hex(older.x509.fingerprintSha1)} 1;`,
      `  ${NEWER}`,
      `  ${hex(newer.x509.fingerprintSha1)} 1;`,
      '}',
    ],
  ],
  [
    'HAPROXY',
    [
      OLDER,
      hex(older.x509.fingerprintSha256).toUpperCase(),
      NEWER,
      hex(newer.x509.fingerprintSha256).toUpperCase(),
    ],
  ],
  [
    'APACHE',
    [
      'Require all denied',
      OLDER,
      `Require expr "sha1(%{SSL_CLIENT_CERT}) == '${sha1(older.x509.pem)}'"`,
      NEWER,
      `Require expr "sha1(%{SSL_CLIENT_CERT}) == '${sha1(newer.x509.pem)}'"`,
    ],
  ],
  [
    'ENVOY',
    [
      'resources:',
      '- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
      '  name: api_gateway_client_certificates',
      '  validation_context:',
      '    verify_certificate_hash:',
      `    ${OLDER}`,
      `    - "${hex(older.x509.fingerprintSha256)}"`,
      `    ${NEWER}`,
      `    - "${hex(newer.x509.fingerprintSha256)}"`,
    ],
  ],
])('%s is what the backend reads', (format, lines) => {
  expect(two.text(format)).toBe(lines.map((line) => `${line}\n`).join(''));
});

test('JSON has what there is to know, and descriptions as they are', () => {
  const description = 'Stra\u00dfe "\u202e" \\\n';
  const entry = entryOf(2, description);
  const text = createTrustBundle([entry]).text('JSON');
  expect(text.endsWith('}\n')).toBe(true);
  expect(JSON.parse(text)).toEqual({
    clientCertificates: [
      {
        clientCertificateId: 'c2',
        arn: 'arn:aws:apigateway:us-east-1::/clientcertificates/c2',
        description,
        createdDate: '2026-11-03T00:00:00.000Z',
        expirationDate: '2027-11-03T00:00:00.000Z',
        fingerprintSha1: entry.x509.fingerprintSha1,
        fingerprintSha256: entry.x509.fingerprintSha256,
        pem: entry.x509.pem,
      },
    ],
  });
});

test('no certificate is a text that trusts nobody', () => {
  const { sha256, text, clientCertificates } = createTrustBundle([]);
  expect(clientCertificates).toEqual([]);
  expect(sha256()).toBe(createHash('sha256').digest('hex'));
  expect(TRUST_BUNDLE_FORMATS.map(text)).toEqual([
    '',
    '',
    '',
    'map $ssl_client_fingerprint $client_certificate_is_trusted {\n  default 0;\n}\n',
    '',
    'Require all denied\n',
    expect.stringContaining(`\n    verify_certificate_hash:\n    - "${'0'.repeat(64)}"\n`),
    '{\n  "clientCertificates": []\n}\n',
  ]);
});

test('the same certificates give the same bytes, in whatever order and however often they come', () => {
  const entries = [older, newer, ...[2, 2, 2, 5].map((number) => entryOf(number))];
  const all = createTrustBundle(entries);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(entries, { minLength: entries.length }),
      fc.subarray(entries),
      (order, again) => {
        const bundle = createTrustBundle([...order, ...again]);
        expect(bundle.clientCertificates).toEqual(all.clientCertificates);
        expect(TRUST_BUNDLE_FORMATS.map(bundle.text)).toEqual(TRUST_BUNDLE_FORMATS.map(all.text));
      },
    ),
  );
});

test('the lines of AWS do not matter: its CRLF, a newline at its end, or what surrounds the certificate', () => {
  const { pemEncodedCertificate } = older.certificate;
  for (const pem of [
    pemEncodedCertificate.replaceAll('\r\n', '\n'),
    `${pemEncodedCertificate}\r\n\r\n`,
    `Require all granted\n${pemEncodedCertificate}\nRequire all granted\n`,
  ])
    expect(whole(parseX509(pem)).pem).toBe(older.x509.pem);
});

describe('a description', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({
      unit: fc.constantFrom(
        ...[
          '\n',
          '\r',
          '\u0085',
          '\u2028',
          '\u2029',
          '\u202e',
          '\u2066',
          '\0',
          '\u001b',
          '\ud800',
          '\ufeff',
          '\u00df',
        ],
        ...[
          '\\',
          '-----BEGIN CERTIFICATE-----',
          '-----END CERTIFICATE-----',
          '}',
          ';',
          '#',
          '"',
          "'",
          '*/',
          ' ',
        ],
        ...['Require all granted', 'default 1;', '- "', 'x'],
      ),
      maxLength: 60,
    }),
  );

  test.each(withComments)('is only part of one comment line of %s, whatever it contains', (format) => {
    const plain = createTrustBundle([withDescription(older, null), newer])
      .text(format)
      .split('\n');
    const at = plain.findIndex((line) => line.trim() === '# c0, expires 2027-11-01');
    fc.assert(
      fc.property(hostile, (description) => {
        const lines = createTrustBundle([withDescription(older, description), newer])
          .text(format)
          .split('\n');
        const [line = ''] = lines.splice(at, 1, plain[at] ?? '');
        expect(lines).toEqual(plain);
        expect(line).toMatch(/^ *# c0, expires 2027-11-01(: [ -[\]-~]+)?$/);
        expect(line).not.toMatch(/--|\s$/);
        expect(line.length).toBeLessThan(130);
      }),
      { numRuns: 500 },
    );
  });

  const withDescription = ({ certificate, x509 }: Entry, description: string | null): Entry => ({
    certificate: { ...certificate, description },
    x509,
  });

  test.each([
    ['two\r\nlines', 'two lines'],
    ['Z\u00fcrich \u6771\u4eac', 'Z?rich ?'],
    ['ends in \\', 'ends in ?'],
    ['-----BEGIN CERTIFICATE-----', '-BEGIN CERTIFICATE-'],
    ['x'.repeat(1000), 'x'.repeat(94)],
  ])('%j becomes the comment %j', (description, words) => {
    const bundle = createTrustBundle([withDescription(older, description)]);
    expect(bundle.text('SHA1').split('\n')[0]).toBe(`# c0, expires 2027-11-01: ${words}`);
  });
});
