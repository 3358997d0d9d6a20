import { expect, test } from 'vitest';
import { bodiesOf, pageBody } from '../../bench/queries.ts';
import { examples, startService } from '../support/service.ts';

const times = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

const TOO_LARGE = {
  message: 'The answer is too large: expected up to 10000 bytes, got more.',
  extensions: { code: 'RESPONSE_TOO_LARGE' },
};
const MAX = { MAX_RESPONSE_BYTES: '10000' };

const pems = (count: number) =>
  `{ clientCertificates { nodes { ${times(count, (i) => `a${i}: pemEncodedCertificate`)} } } }`;

test('an answer that is larger than MAX_RESPONSE_BYTES is an error instead', async () => {
  const { operations, post, query } = await startService({ emulator: { examples: examples(1) }, env: MAX });
  const fits = await (await post({ query: pems(12) })).text();
  expect(fits.length).toBeGreaterThan(8000);
  expect(JSON.parse(fits)).not.toHaveProperty('errors');
  expect(await query(pems(14))).toEqual({ data: null, errors: [TOO_LARGE] });
  expect(operations.at(-1)).toMatchObject({ errors: ['RESPONSE_TOO_LARGE'] });
});

test.for(['application/json', 'application/graphql-response+json', 'text/event-stream'])(
  'to whoever asks for %s',
  async (accept) => {
    const { post } = await startService({ emulator: { examples: examples(1) }, env: MAX });
    const response = await post({ query: pems(20) }, { accept });
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(
      /"data":null.*"code":"RESPONSE_TOO_LARGE"|"code":"RESPONSE_TOO_LARGE".*"data":null/,
    );
  },
);

test('names, numbers, times and nulls count too', async () => {
  const { query } = await startService({ emulator: { examples: examples(1) }, env: MAX });
  for (const field of ['daysUntilExpiration', 'createdDate', 'tag(key: "a")', '__typename', 'tags { key }']) {
    const name = 'n'.repeat(100);
    const of = (count: number) =>
      query(`{ clientCertificates(first: 1) { nodes { ${times(count, (i) => `${name}${i}: ${field}`)} } } }`);
    expect((await of(60)).errors).toBe(undefined);
    expect(await of(99)).toEqual({ data: null, errors: [TOO_LARGE] });
  }
});

test('characters count as bytes', async () => {
  const [certificate] = examples(1);
  const emulator = {
    examples: [{ createdDate: new Date(), ...certificate, description: '€'.repeat(1000) }],
  };
  const { query } = await startService({ emulator, env: MAX });
  expect(
    (await query('{ clientCertificates { nodes { a: description b: description c: description } } }')).errors,
  ).toBe(undefined);
  const { errors } = await query(
    `{ clientCertificates { nodes { ${times(4, (i) => `a${i}: description`)} } } }`,
  );
  expect(errors).toEqual([TOO_LARGE]);
});

test.for([
  ['a quote', '"', 2],
  ['a control character', '\u0001', 6],
] as const)('characters count as JSON escapes them: %s', async ([, character, bytes]) => {
  const [certificate] = examples(1);
  const description = character.repeat(1000);
  const { query } = await startService({
    emulator: { examples: [{ createdDate: new Date(), ...certificate, description }] },
    env: MAX,
  });
  const of = (count: number) =>
    query(`{ clientCertificates { nodes { ${times(count, (i) => `a${i}: description`)} } } }`);
  expect((await of(Math.floor(9 / bytes))).errors).toBe(undefined);
  expect((await of(Math.ceil(10 / bytes))).errors).toEqual([TOO_LARGE]);
});

test('errors count', async () => {
  const { query } = await startService({ env: { MAX_RESPONSE_BYTES: '1024' } });
  const { errors } = await query(`{ ${times(20, (i) => `a${i}: node(id: "${i}") { id }`)} }`);
  expect(errors).toMatchObject([{ extensions: { code: 'RESPONSE_TOO_LARGE' } }]);
});

test('a mutation whose answer is too large says that the changes were made', async () => {
  const { calls, query } = await startService({ env: MAX });
  const { data, errors } = await query(
    `mutation { generateClientCertificate(input: {}) { ... on GenerateClientCertificatePayload { clientCertificate { ${times(20, (i) => `a${i}: pemEncodedCertificate`)} } } } }`,
  );
  expect(data).toBe(null);
  expect(errors).toEqual([{ ...TOO_LARGE, message: `${TOO_LARGE.message} The changes were made.` }]);
  expect(calls).toEqual(['GenerateClientCertificate']);
});

/** Certificates of the maximum size of AWS. */
const fullTags = Object.fromEntries(
  Array.from({ length: 50 }, (_, i) => [`${i}`.padEnd(128, 'k'), 'v'.repeat(256)]),
);

test('a page of 250 with every field and 50 full tags each is answered with the default settings', async () => {
  const emulator = { examples: examples(250).map((example) => ({ ...example, tags: fullTags })) };
  const { post } = await startService({ emulator });
  const { data } = await (await post(pageBody({ first: 250 }))).json();
  expect(data.clientCertificates.edges).toHaveLength(250);
  expect(data.clientCertificates.edges.at(-1).node.tags).toHaveLength(50);
});

test('a page of 500 with every field of the benchmark is answered too', async () => {
  const emulator = {
    examples: examples(500).map((example) => ({ ...example, tags: { team: 'a', stage: 'b' } })),
  };
  const { post } = await startService({ emulator });
  const every = `{ clientCertificates(first: 500, orderBy: { field: CREATED_DATE }) { totalCount pageInfo { endCursor hasNextPage startCursor hasPreviousPage }
    edges { cursor node { __typename id clientCertificateId arn description createdDate expirationDate status
      daysUntilExpiration pemEncodedCertificate tag(key: "team") tags { key value } x509 { subject issuer serialNumber
      notBefore notAfter fingerprintSha256 publicKeyAlgorithm publicKeyBits signatureAlgorithm } } } } }`;
  const ids = examples(60).map(({ id = '' }) => id);
  for (const body of [
    pageBody({ first: 500 }),
    JSON.stringify({ query: every }),
    ...bodiesOf('A', ids),
    ...bodiesOf('C', ids),
  ])
    expect((await (await post(body)).json()).errors).toBe(undefined);
});
