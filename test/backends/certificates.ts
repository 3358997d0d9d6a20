import { GenerateClientCertificateCommand, GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { createClientCertificatePem, generateRsaKeyPair, type KeyPair } from '../../src/emulator/x509.ts';
import { runService } from '../support/running-service.ts';

/** What a client proves itself with. */
export type Identity = { cert: string; key: string };

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
  const { url, client, fail } = await runService({
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
  const old = await generate('Payments backend');

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
