import { createClientCertificatePem, generateRsaKeyPair, LIFETIME_MS } from '../src/emulator/x509.ts';

/** A certificate as API Gateway sends it: dates are epoch seconds, empty members are left out. */
export type StubCertificate = {
  clientCertificateId: string;
  description?: string;
  pemEncodedCertificate: string;
  createdDate: number;
  expirationDate: number;
  tags?: Record<string, string>;
};

const DAY_MS = 24 * 60 * 60 * 1000;

/** The number of different PEMs is limited, because each takes a signature. */
const PEMS = 60;

/** The id of the certificate number `index`. Ids sort by their index. */
export const idOf = (index: number) => `c${index.toString(36).padStart(5, '0')}`;

/** `count` certificates by ascending id: expired, expiring and valid ones, most with a description and tags. */
export async function createStubCertificates(count: number): Promise<StubCertificate[]> {
  const keyPair = await generateRsaKeyPair();
  const now = Date.now();
  const examples = Array.from({ length: Math.min(count, PEMS) }, (_, index) => {
    // Half a day off, so that `daysUntilExpiration` does not change while the benchmark runs.
    const createdMs = Math.floor((now - (((index * 37) % 400) + 0.5) * DAY_MS) / 1000) * 1000;
    return {
      pemEncodedCertificate: createClientCertificatePem(keyPair, new Date(createdMs)),
      createdDate: createdMs / 1000,
      expirationDate: (createdMs + LIFETIME_MS) / 1000,
    };
  });
  return Array.from({ length: count }, (_, index) => {
    const example = examples[index % examples.length];
    if (!example) throw new Error('there is no example');
    return {
      clientCertificateId: idOf(index),
      ...(index % 10 !== 9 && { description: `Backend number ${(index * 7919) % 100_003}` }),
      ...example,
      ...(index % 7 !== 6 && {
        tags: { team: `team-${index % 20}`, environment: index % 3 === 0 ? 'production' : 'test' },
      }),
    };
  });
}

/** The new certificate number `number`. Its id sorts before all others, so that every first page begins with it. */
export function generateStubCertificate(
  number: number,
  example: StubCertificate,
  input: Pick<StubCertificate, 'description' | 'tags'>,
): StubCertificate {
  const { pemEncodedCertificate, createdDate, expirationDate } = example;
  return {
    clientCertificateId: `0${(36 ** 5 - number).toString(36)}`,
    ...input,
    pemEncodedCertificate,
    createdDate,
    expirationDate,
  };
}
