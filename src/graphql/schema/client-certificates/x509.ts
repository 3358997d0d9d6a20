import type { X509Certificate } from '../../../resources/client-certificates/x509.ts';
import { builder } from '../builder.ts';

export const X509CertificateRef = builder.objectRef<X509Certificate>('X509Certificate').implement({
  description: 'The content of the PEM.',
  extensions: { directives: { shareable: {} } },
  fields: (t) => ({
    subject: t.exposeString('subject', {
      description: 'The same for all client certificates: `C=US, L=Seattle, CN=ApiGateway`.',
    }),
    issuer: t.exposeString('issuer', {
      description: 'Equal to the subject, since the certificates are self-signed.',
    }),
    serialNumber: t.exposeString('serialNumber', { description: 'In upper-case hex.' }),
    notBefore: t.expose('notBefore', { type: 'DateTime', description: 'The start of its validity.' }),
    notAfter: t.expose('notAfter', { type: 'DateTime', description: 'The end of its validity.' }),
    fingerprintSha1: t.exposeString('fingerprintSha1', {
      description:
        "Of the DER form, for software that knows no other: nginx's `$ssl_client_fingerprint` is this in lower case, " +
        'without the colons. SHA-1 is no longer safe against collisions, so compare `fingerprintSha256` if you can.',
    }),
    fingerprintSha256: t.exposeString('fingerprintSha256', {
      description: 'Of the DER form: upper-case hex pairs joined by `:`, as openssl prints it.',
    }),
    publicKeyAlgorithm: t.exposeString('publicKeyAlgorithm', { description: '`RSA`.' }),
    publicKeyBits: t.exposeInt('publicKeyBits', { description: 'The length of the public key in bits.' }),
    signatureAlgorithm: t.exposeString('signatureAlgorithm', {
      description: "By OpenSSL's name: `sha256WithRSAEncryption`.",
    }),
  }),
});
