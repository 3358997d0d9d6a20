import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { UpstreamError } from '../../src/errors/errors.ts';
import { parseX509 } from '../../src/resources/client-certificates/x509.ts';
import { oneKeyPair } from '../emulator/support.ts';
import { examples, startService } from '../support/service.ts';

const EC = `-----BEGIN CERTIFICATE-----
MIIBfTCCASOgAwIBAgIUVDhyVI7w/6nbLMVlNZeK4U2TC6IwCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIZWxsaXB0aWMwIBcNMjYxMTIwMjE0NDQwWhgPMjEyNjEwMjcy
MTQ0NDBaMBMxETAPBgNVBAMMCGVsbGlwdGljMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEdruYXA0XbPLDy+9C5vKMSQQ7J5m00RwLFcpXmWhoFbk5bgVlk3lxpH17
8L24QhlZSNAZp8yvkvUXInReJjHk/qNTMFEwHQYDVR0OBBYEFKXQeNYv2/SwhnEw
dgC8OOZh557XMB8GA1UdIwQYMBaAFKXQeNYv2/SwhnEwdgC8OOZh557XMA8GA1Ud
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgYxJCELgT9Yi9eQnGFzBOnTz/
2x9v9VntSBXfqxbuiZ4CIQDEd8AjG3YBB1ah7JbnKpA3yfHT6oirX8XWNaCl9xVK
6A==
-----END CERTIFICATE-----`;

const FIELDS = `x509 {
  subject issuer serialNumber notBefore notAfter fingerprintSha1 fingerprintSha256
  publicKeyAlgorithm publicKeyBits signatureAlgorithm
}`;

test('x509 has the content of the PEM', async () => {
  const { query } = await startService({
    emulator: { examples: examples(1), generateKeyPair: () => oneKeyPair },
  });
  const { data } = await query(`{ clientCertificate(id: "c000") { pemEncodedCertificate ${FIELDS} } }`);
  const { pemEncodedCertificate, x509 } = data.clientCertificate;
  const truth = new X509Certificate(pemEncodedCertificate);
  expect(x509).toEqual({
    subject: 'C=US, L=Seattle, CN=ApiGateway',
    issuer: 'C=US, L=Seattle, CN=ApiGateway',
    serialNumber: truth.serialNumber,
    notBefore: '2026-11-01T00:00:00.000Z',
    notAfter: '2027-11-01T00:00:00.000Z',
    fingerprintSha1: truth.fingerprint,
    fingerprintSha256: truth.fingerprint256,
    publicKeyAlgorithm: 'RSA',
    publicKeyBits: 2048,
    signatureAlgorithm: 'sha256WithRSAEncryption',
  });
  expect(x509.fingerprintSha1).toMatch(/^([0-9A-F]{2}:){19}[0-9A-F]{2}$/);
  expect(x509.fingerprintSha256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

test('the dates in the PEM are those of the certificate', async () => {
  const { query } = await startService({ emulator: { examples: examples(1) } });
  const { data } = await query(`{
    clientCertificate(id: "c000") { createdDate expirationDate x509 { notBefore notAfter } }
  }`);
  const { createdDate, expirationDate, x509 } = data.clientCertificate;
  expect(x509).toEqual({ notBefore: createdDate, notAfter: expirationDate });
});

test('if AWS sends an invalid PEM, only x509 fails', async () => {
  const { fail, query } = await startService({ emulator: { examples: examples(1) } });
  fail(() => ({ kind: 'change', change: (body) => ({ ...body, pemEncodedCertificate: 'rubbish' }) }));
  const whole = await query(
    '{ clientCertificate(id: "c000") { clientCertificateId pemEncodedCertificate } }',
  );
  expect(whole).toEqual({
    data: { clientCertificate: { clientCertificateId: 'c000', pemEncodedCertificate: 'rubbish' } },
  });
  const { errors } = await query('{ clientCertificate(id: "c000") { x509 { subject } } }');
  expect(errors).toMatchObject([
    { path: ['clientCertificate', 'x509'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
  ]);
  expect(errors?.[0]?.message).toBe('AWS sent a PEM that is not an X.509 certificate.');
});

test('a certificate with another kind of key is parsed as well', () => {
  expect(parseX509(EC)).toMatchObject({
    subject: 'CN=elliptic',
    publicKeyAlgorithm: 'EC',
    publicKeyBits: 256,
    signatureAlgorithm: 'ecdsa-with-SHA256',
  });
});

test.for(['', 'rubbish', '-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----'])(
  'the text %j is refused as a PEM',
  (pem) => {
    expect(parseX509(pem)).toBeInstanceOf(UpstreamError);
  },
);
