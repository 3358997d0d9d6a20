import { createHash } from 'node:crypto';
import type { ClientCertificate } from './client-certificate.ts';
import { bareFingerprint, type X509Certificate } from './x509.ts';

/** What a backend reads. `docs/trust-bundles.md` says for each how it is used. */
export const TRUST_BUNDLE_FORMATS = [
  'PEM',
  'SHA1',
  'SHA256',
  'NGINX',
  'HAPROXY',
  'APACHE',
  'ENVOY',
  'JSON',
] as const;

export type TrustBundleFormat = (typeof TRUST_BUNDLE_FORMATS)[number];

/** A certificate with the content of its PEM. */
export type Entry = { certificate: ClientCertificate; x509: X509Certificate };

/**
 * The certificates as text, in the given order: LF lines, a newline at the end, and one comment line for each where the format
 * has comments. The text of no certificates trusts none.
 */
export const textOf = (format: TrustBundleFormat, entries: readonly Entry[]): string =>
  texts[format](entries);

const texts: Record<TrustBundleFormat, (entries: readonly Entry[]) => string> = {
  PEM: (entries) => entries.map((entry) => `${comment(entry)}\n${entry.x509.pem}`).join(''),

  SHA1: (entries) => lines(entries, ({ x509 }) => bareFingerprint(x509.fingerprintSha1)),

  SHA256: (entries) => lines(entries, ({ x509 }) => bareFingerprint(x509.fingerprintSha256)),

  // https://nginx.org/en/docs/http/ngx_http_ssl_module.html#var_ssl_client_fingerprint is a SHA-1.
  NGINX: (entries) =>
    [
      'map $ssl_client_fingerprint $client_certificate_is_trusted {\n',
      '  default 0;\n',
      lines(entries, ({ x509 }) => `${bareFingerprint(x509.fingerprintSha1)} 1;`, '  '),
      '}\n',
    ].join(''),

  // Its converter `hex` writes upper case (https://docs.haproxy.org/2.6/configuration.html#7.3.1-hex).
  HAPROXY: (entries) => lines(entries, ({ x509 }) => bareFingerprint(x509.fingerprintSha256).toUpperCase()),

  // An empty <RequireAny> would let everybody in. Its expressions know no SHA-256, and a certificate as PEM only
  // (https://httpd.apache.org/docs/2.4/expr.html).
  APACHE: (entries) =>
    `Require all denied\n${lines(entries, ({ x509 }) => `Require expr "sha1(%{SSL_CLIENT_CERT}) == '${sha1(x509.pem)}'"`)}`,

  // A file for a secret discovery service. Without any hash, Envoy would not verify at all
  // (https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/transport_sockets/tls/v3/common.proto).
  ENVOY: (entries) =>
    [
      'resources:\n',
      '- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret\n',
      '  name: api_gateway_client_certificates\n',
      '  validation_context:\n',
      '    verify_certificate_hash:\n',
      entries.length === 0
        ? `    - "${'0'.repeat(64)}"\n`
        : lines(entries, ({ x509 }) => `- "${bareFingerprint(x509.fingerprintSha256)}"`, '    '),
    ].join(''),

  JSON: (entries) => `${JSON.stringify({ clientCertificates: entries.map(toJson) }, null, 2)}\n`,
};

const toJson = ({ certificate, x509 }: Entry) => ({
  clientCertificateId: certificate.clientCertificateId,
  arn: certificate.arn,
  description: certificate.description,
  createdDate: certificate.createdDate,
  expirationDate: certificate.expirationDate,
  fingerprintSha1: x509.fingerprintSha1,
  fingerprintSha256: x509.fingerprintSha256,
  pem: x509.pem,
});

/** For each a comment, and the line that trusts it. */
const lines = (entries: readonly Entry[], lineOf: (entry: Entry) => string, indent = ''): string =>
  entries.map((entry) => `${indent}${comment(entry)}\n${indent}${lineOf(entry)}\n`).join('');

const MAX_COMMENT_LENGTH = 120;

/**
 * Whatever a description has, its comment is one line of printable ASCII: Python takes no other PEM. It has no backslash, with
 * which Apache continues a comment on the next line, and nothing that looks like the boundary of a PEM.
 */
function comment({ certificate: { clientCertificateId, expirationDate, description } }: Entry): string {
  const day = expirationDate.toISOString().slice(0, 10);
  const words = inAscii(description ?? '');
  const text = `# ${inAscii(clientCertificateId)}, expires ${day}${words && `: ${words}`}`;
  return text.slice(0, MAX_COMMENT_LENGTH).trimEnd();
}

const inAscii = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^ -~]+|\\+/g, '?')
    .replaceAll(/-{2,}/g, '-')
    .trim();

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
