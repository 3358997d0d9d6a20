import { expect, test } from 'vitest';
import { globalIdOf } from '../support/service.ts';
import { ATTACKER, ask, type Body, codesOf, serveMany, slowestOf } from './attack.ts';
import { measure } from './measure.ts';

const times = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

const list = <T>(count: number, item: (i: number) => T) => Array.from({ length: count }, (_, i) => item(i));

/** Half of it is for 40 responses of the maximum size. Without bounds, 1 to 3 GiB were reached. */
const MAX_MIB = 900;

/** Costly operations, with their outcome; all are within the allowed size of body, tokens and aliases. */
const ATTACKS: Record<string, { body: Body; expected: string[]; tags?: number; clients?: number[] }> = {
  '1000 ids × 99 aliases': {
    body: {
      query: `query ($i: [ID!]!) { ${times(99, (i) => `a${i}: nodes(ids: $i) { __typename }`)} }`,
      variables: { i: list(1000, () => globalIdOf('c000')) },
    },
    expected: ['OPERATION_TOO_LARGE'],
  },
  '1000 representations × 99 aliases': {
    body: {
      query: `query ($i: [_Any!]!) { ${times(99, (i) => `a${i}: _entities(representations: $i) { __typename }`)} }`,
      variables: { i: list(1000, () => ({ __typename: 'ClientCertificate', clientCertificateId: 'c000' })) },
    },
    expected: ['OPERATION_TOO_LARGE'],
  },
  '500 certificates × 50 full tags × 16 aliases': {
    body: {
      query: `{ clientCertificates(first: 500) { nodes { ${times(16, (i) => `a${i}: tags { key value }`)} } } }`,
    },
    expected: ['OPERATION_TOO_LARGE'],
    tags: 50,
  },
  '500 certificates × 50 full tags': {
    body: { query: '{ clientCertificates(first: 500) { nodes { tags { key value } } } }' },
    expected: ['RESPONSE_TOO_LARGE'],
    tags: 50,
  },
  '250 × 98 PEMs': {
    body: {
      query: `{ clientCertificates(first: 250) { nodes { ${times(98, (i) => `a${i}: pemEncodedCertificate`)} } } }`,
    },
    expected: ['RESPONSE_TOO_LARGE'],
  },
  '30,000 wrong enum values': {
    body: {
      query:
        'query ($s: [ClientCertificateStatus!]) { clientCertificates(filter: { status: $s }) { totalCount } }',
      variables: { s: list(30_000, () => 'NONE') },
    },
    expected: ['BAD_USER_INPUT'],
  },
  '12,000 wrong ids': {
    body: {
      query: `query ($i: [ID!]!) { ${times(12, (i) => `a${i}: nodes(ids: $i) { id }`)} }`,
      variables: { i: list(1000, (i) => `x${i}`) },
    },
    expected: ['BAD_USER_INPUT'],
  },
  '3600 ids that nothing has': {
    body: {
      query: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      variables: {
        r: list(3600, (i) => ({ __typename: 'ClientCertificate', clientCertificateId: `none${i}` })),
      },
    },
    expected: ['ok'],
  },
  '500 × 48 fields': {
    body: { query: `{ clientCertificates(first: 500) { nodes { ${times(48, (i) => `a${i}: id`)} } } }` },
    expected: ['ok'],
    clients: [1, 40, 50],
  },
  'trust bundles of 500 × 14': {
    body: { query: `{ ${times(14, (i) => `a${i}: trustBundle { text(format: JSON) }`)} }` },
    expected: ['RESPONSE_TOO_LARGE'],
  },
  '500 PEMs read': {
    body: {
      query: '{ clientCertificates(first: 500) { nodes { x509 { subject notAfter serialNumber } } } }',
    },
    expected: ['ok'],
    clients: [1, 40, 50],
  },
};

for (const [name, { body, expected, tags, clients = [1, 40] }] of Object.entries(ATTACKS))
  test.for(clients)(`${name}, by %i clients at once, do not harm the service`, async (count) => {
    const service = await serveMany({ tags: tags ?? 0 });
    let codes: Record<string, number> = {};
    const damage = await measure(`${name}, ${count} clients`, service, async () => {
      codes = codesOf(await Promise.all(list(count, () => ask(service.url, body, ATTACKER))));
    });
    process.stdout.write(`  ${JSON.stringify(codes)}\n`);
    expect(Object.keys(codes)).toEqual(expected);
    expect(damage.peakMiB).toBeLessThan(MAX_MIB);
  });

/** As costly to validate as 2000 tokens can be, and each one different. */
const dear = (i: number): Body => ({
  query: `query Q${i} { ${times(150, () => 'clientCertificates { nodes { id tags { key } } }')} }`,
});

/** As costly to execute as is allowed. */
const allowed = (i: number): Body => ({
  query: `query Q${i} { ${times(16, (j) => `a${j}: clientCertificates(first: 500) { nodes { id arn description status } }`)} }`,
});

for (const [what, bodyOf] of Object.entries({
  'that are dear to validate': dear,
  'that are dear to execute': allowed,
}))
  test.for([1, 40])(
    `new documents ${what}, by %i clients at once, do not delay those of others`,
    async (count) => {
      const service = await serveMany();
      let isOver = false;
      const ofNeighbour = {
        new: (i: number) => ({ query: `query N${i} { clientCertificates(first: 1) { nodes { id } } }` }),
        mutation: (i: number) => ({
          query: `mutation N${i} { updateClientCertificate(input: { id: "c00${i % 10}", description: "${i}" }) { __typename } }`,
        }),
      };
      let codes: Record<string, number> = {};
      const neighbours = Object.entries(ofNeighbour).map(async ([kind, bodyOf]) => {
        const { slowestMs, codes } = await slowestOf(service.url, bodyOf, () => isOver);
        process.stdout.write(`  a neighbour's slowest ${kind}: ${slowestMs} ms, ${JSON.stringify(codes)}\n`);
        return codes;
      });
      const damage = await measure(`400 documents ${what}, ${count} clients`, service, async () => {
        const outcomes = list(400, (i) =>
          ask(service.url, bodyOf(i), count === 1 ? ATTACKER : `127.0.1.${1 + (i % count)}`),
        );
        codes = codesOf(await Promise.all(outcomes));
        isOver = true;
      });
      process.stdout.write(`  ${JSON.stringify(codes)}\n`);
      for (const codes of await Promise.all(neighbours)) expect(Object.keys(codes)).toEqual(['ok']);
      for (const code of Object.keys(codes))
        expect(['ok', 'OPERATION_TOO_LARGE', 'OVERLOADED', 'UPSTREAM_TIMEOUT']).toContain(code);
      expect(damage.peakMiB).toBeLessThan(MAX_MIB);
    },
  );

test.for([1, 40])('10,000 long descriptions searched 99 times, by %i clients at once', async (count) => {
  const service = await serveMany({
    count: 10_000,
    description: 'οδος'.repeat(256),
    env: { UPSTREAM_CALLS_PER_SECOND: '0', CACHE_TTL_MS: '60000' },
  });
  const body = {
    query: `query ($text: String) { ${times(99, (i) => `a${i}: clientCertificates(filter: { descriptionContains: $text }) { totalCount }`)} }`,
    variables: { text: 'ΟΔΟΙ' },
  };
  let codes: Record<string, number> = {};
  await measure(`10,000 descriptions × 99 searches, ${count} clients`, service, async () => {
    codes = codesOf(await Promise.all(list(count, () => ask(service.url, body, ATTACKER))));
  });
  process.stdout.write(`  ${JSON.stringify(codes)}\n`);
  for (const code of Object.keys(codes)) expect(['ok', 'OVERLOADED']).toContain(code);
});
