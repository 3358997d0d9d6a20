import { GenerateClientCertificateCommand, GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { createClientCertificatePem, generateRsaKeyPair, type KeyPair } from '../../src/emulator/x509.ts';
import { runService } from '../support/running-service.ts';

/** What a client proves itself with. */
export type Identity = { cert: string; key: string };

/** If a comment could end before its line, one of the parsers would stumble over this, or trust somebody else. */
const HOSTILE = [
  'Payments',
  '0000000000000000000000000000000000000000 1; default 1; }',
  'Require all granted',
  '-----BEGIN CERTIFICATE-----',
  '\u2028- "*" \u0085 \u202e \u00df \\',
].join('\r\n');

const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate with the subject of API Gateway, which API Gateway does not know. */
export async function selfSigned(): Promise<Identity> {
  const keyPair = await generateRsaKeyPair();
  return identityOf(keyPair, createClientCertificatePem(keyPair, new Date()));
}

export type TrustOptions = { env?: Record<string, string> };

/**
 * The service on an emulator with an expired certificate and a good one, each with a key of its own, and all with the same
 * subject.
 */
export async function startTrust({ env = {} }: TrustOptions = {}) {
  const keyPairs: KeyPair[] = [];
  const { url, client, fail, query } = await runService({
    env: { CACHE_TTL_MS: '0', ...env },
    emulator: {
      examples: [{ id: 'expired', description: 'Expired', createdDate: new Date(Date.now() - 400 * DAY_MS) }],
      generateKeyPair: async () => {
        const keyPair = await generateRsaKeyPair();
        keyPairs.push(keyPair);
        return keyPair;
      },
    },
  });

  const lastIdentity = (pem = ''): Identity => {
    const keyPair = keyPairs.at(-1);
    if (!keyPair) throw new Error('The emulator made no key pair.');
    return identityOf(keyPair, pem);
  };
  const generate = async (description: string): Promise<Identity> => {
    const made = await client.send(new GenerateClientCertificateCommand({ description }));
    return lastIdentity(made.pemEncodedCertificate);
  };

  const example = await client.send(new GetClientCertificateCommand({ clientCertificateId: 'expired' }));
  const expired = lastIdentity(example.pemEncodedCertificate);
  const old = await generate(HOSTILE);

  const bundleUrl = (format: string) =>
    `${url}/trust-bundle/${format}?status=valid&status=expiring&status=expired`;
  return {
    fail,
    old,
    expired,
    /** Makes the certificate that is to replace the old one. */
    generateNew: async () => generate('Payments backend, from next month on'),
    /** The URL of a bundle with the expired certificate too, which a backend has to refuse by itself. */
    bundleUrl,
    /** What GraphQL gives where no certificate matches; over HTTP that is an error. */
    emptyBundle: async (format: string): Promise<string> => {
      const args = `filter: { descriptionContains: "nothing has this" }`;
      const { data } = await query(`{ trustBundle(${args}) { text(format: ${format.toUpperCase()}) } }`);
      return data.trustBundle.text;
    },
    bundle: async (format: string): Promise<string> => {
      const response = await fetch(bundleUrl(format));
      if (response.status !== 200) throw new Error(`${format}: ${response.status}`);
      return response.text();
    },
  };
}

const identityOf = ({ privateKey }: KeyPair, cert: string): Identity => ({
  cert,
  key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
});
