import { createClientCertificatePem, generateRsaKeyPair, LIFETIME_MS } from '../src/emulator/x509.ts';
import { idOf } from './stub-certificates.ts';
import { expiryMinuteOf } from './world.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The certificate that expires first expired this long ago. */
const FIRST_EXPIRED_MS = 30 * DAY_MS;

/** The characters of the serial number in a PEM, but for the first and the last ones. */
const SERIAL_AT = '-----BEGIN CERTIFICATE-----\r\n'.length + 21;
const SERIAL_LENGTH = 8;

/**
 * Returns a function that writes any certificate of the world as JSON. One PEM is signed, since each signature takes a
 * millisecond. Each certificate has a serial number of its own in that PEM, so that no two have the same text. It has
 * the length of AWS's and can be read; only its signature and its dates are not its own.
 */
export async function createCertificateWriter(): Promise<(number: number) => string> {
  const firstMs = Math.floor(Date.now() / 1000) * 1000 - FIRST_EXPIRED_MS;
  const serial = Buffer.alloc(8, 0x41);
  const pem = createClientCertificatePem(await generateRsaKeyPair(), new Date(firstMs), serial);
  const [before, after] = [pem.slice(0, SERIAL_AT), pem.slice(SERIAL_AT + SERIAL_LENGTH)];
  return (number) => {
    const expiresMs = firstMs + expiryMinuteOf(number) * 60_000;
    return JSON.stringify({
      clientCertificateId: idOf(number),
      ...(number % 10 !== 9 && { description: `Backend number ${(number * 7919) % 100_003}` }),
      pemEncodedCertificate: `${before}${number.toString(36).padStart(SERIAL_LENGTH, 'A')}${after}`,
      createdDate: (expiresMs - LIFETIME_MS) / 1000,
      expirationDate: expiresMs / 1000,
      ...(number % 7 !== 6 && {
        tags: { team: `team-${number % 20}`, environment: number % 3 === 0 ? 'production' : 'test' },
      }),
    });
  };
}
