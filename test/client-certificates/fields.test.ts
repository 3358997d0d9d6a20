import { GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { globalIdOf, startService } from '../support/service.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const CREATED = new Date('2026-03-01T12:00:00Z');
const EXPIRES = new Date(CREATED.getTime() + 365 * DAY_MS);
const EXAMPLES = [
  { id: 'plain1', createdDate: CREATED },
  {
    id: 'tagged',
    description: 'Zahlungen – 支払い 💳',
    tags: { team: 'payments', Zone: 'b', 'a:b/c': '', __proto: 'x' },
    createdDate: CREATED,
  },
];

test("a certificate has AWS's fields, its global id and its ARN", async () => {
  const { client, query } = await startService({ emulator: { examples: EXAMPLES } });
  const { data, errors } = await query(`{
    clientCertificate(id: "tagged") {
      __typename id clientCertificateId arn description createdDate expirationDate pemEncodedCertificate
    }
  }`);
  const truth = await client.send(new GetClientCertificateCommand({ clientCertificateId: 'tagged' }));
  expect(errors).toBeUndefined();
  expect(data.clientCertificate).toEqual({
    __typename: 'ClientCertificate',
    id: globalIdOf('tagged'),
    clientCertificateId: 'tagged',
    arn: 'arn:aws:apigateway:us-east-1::/clientcertificates/tagged',
    description: 'Zahlungen – 支払い 💳',
    createdDate: '2026-03-01T12:00:00.000Z',
    expirationDate: '2027-03-01T12:00:00.000Z',
    pemEncodedCertificate: truth.pemEncodedCertificate,
  });
  expect(truth.pemEncodedCertificate).toMatch(/^-----BEGIN CERTIFICATE-----\r\n/);
});

test('the global id is base64 of the type and the ARN', async () => {
  const { query } = await startService({ emulator: { examples: EXAMPLES } });
  const { data } = await query('{ clientCertificate(id: "plain1") { id arn } }');
  const { id, arn } = data.clientCertificate;
  expect(Buffer.from(id, 'base64').toString()).toBe(`ClientCertificate:${arn}`);
});

test('a certificate without a description has null, and without tags an empty list', async () => {
  const { query } = await startService({ emulator: { examples: EXAMPLES } });
  const { data } = await query(
    '{ clientCertificate(id: "plain1") { description tags { key } tag(key: "team") } }',
  );
  expect(data.clientCertificate).toEqual({ description: null, tags: [], tag: null });
});

test('an empty description from AWS is null as well', async () => {
  const { fail, query } = await startService({ emulator: { examples: EXAMPLES } });
  fail(() => ({ kind: 'change', change: (body) => ({ ...body, description: '' }) }));
  const { data } = await query('{ clientCertificate(id: "tagged") { description } }');
  expect(data.clientCertificate.description).toBeNull();
});

test('tags are sorted by key, upper case first', async () => {
  const { query } = await startService({ emulator: { examples: EXAMPLES } });
  const { data } = await query('{ clientCertificate(id: "tagged") { tags { key value } } }');
  expect(data.clientCertificate.tags).toEqual([
    { key: 'Zone', value: 'b' },
    { key: '__proto', value: 'x' },
    { key: 'a:b/c', value: '' },
    { key: 'team', value: 'payments' },
  ]);
});

test('one tag is found by its case-sensitive key, and an empty value is not null', async () => {
  const { query } = await startService({ emulator: { examples: EXAMPLES } });
  const { data } = await query(`{
    clientCertificate(id: "tagged") {
      team: tag(key: "team")
      upper: tag(key: "TEAM")
      empty: tag(key: "a:b/c")
      none: tag(key: "constructor")
    }
  }`);
  expect(data.clientCertificate).toEqual({ team: 'payments', upper: null, empty: '', none: null });
});

test('a tag key with a meaning in JavaScript is a tag like any other', async () => {
  const { query } = await startService({ emulator: { examples: EXAMPLES } });
  const { data } = await query(`mutation {
    tagClientCertificate(input: { id: "plain1", tags: [{ key: "__proto__", value: "x" }] }) {
      ... on TagClientCertificatePayload { clientCertificate { tags { key value } tag(key: "__proto__") } }
    }
  }`);
  expect(data.tagClientCertificate.clientCertificate).toEqual({
    tags: [{ key: '__proto__', value: 'x' }],
    tag: 'x',
  });
});

test.for([
  [30 * DAY_MS + 1, 'VALID', 30],
  [30 * DAY_MS, 'EXPIRING', 30],
  [30 * DAY_MS - 1, 'EXPIRING', 29],
  [DAY_MS, 'EXPIRING', 1],
  [DAY_MS - 1, 'EXPIRING', 0],
  [0, 'EXPIRING', 0],
  [-1, 'EXPIRED', -1],
  [-DAY_MS, 'EXPIRED', -1],
  [-DAY_MS - 1, 'EXPIRED', -2],
  [-1000 * DAY_MS, 'EXPIRED', -1000],
] as const)(
  '%i ms before its expiration a certificate is %s with %i days left',
  async ([leftMs, status, days]) => {
    const { query } = await startService({
      emulator: { examples: EXAMPLES },
      now: () => new Date(EXPIRES.getTime() - leftMs),
    });
    const { data } = await query('{ clientCertificate(id: "plain1") { status daysUntilExpiration } }');
    expect(data.clientCertificate).toEqual({ status, daysUntilExpiration: days });
  },
);

test.for([
  ['0', 1, 'VALID'],
  ['0', 0, 'EXPIRING'],
  ['365', 365 * DAY_MS, 'EXPIRING'],
  ['7', 7 * DAY_MS + 1, 'VALID'],
  ['7', 7 * DAY_MS, 'EXPIRING'],
] as const)(
  'EXPIRING_WITHIN_DAYS=%s makes a certificate with %i ms left %s',
  async ([within, leftMs, status]) => {
    const { query } = await startService({
      emulator: { examples: EXAMPLES },
      env: { EXPIRING_WITHIN_DAYS: within },
      now: () => new Date(EXPIRES.getTime() - leftMs),
    });
    const { data } = await query('{ clientCertificate(id: "plain1") { status } }');
    expect(data.clientCertificate.status).toBe(status);
  },
);

test('the status of all certificates in one answer is of the same moment, and of a later one in the next answer', async () => {
  let moments = 0;
  const { query } = await startService({
    emulator: { examples: EXAMPLES, now: () => CREATED },
    now: () => new Date(EXPIRES.getTime() - moments++ * DAY_MS),
  });
  const days = async () => {
    const { data } = await query('{ clientCertificates { nodes { daysUntilExpiration } } }');
    return data.clientCertificates.nodes.map(
      (node: { daysUntilExpiration: number }) => node.daysUntilExpiration,
    );
  };
  expect(await days()).toEqual([0, 0]);
  expect(await days()).toEqual([1, 1]);
});

test('dates have milliseconds and are in UTC, in whatever form AWS sends them', async () => {
  const { fail, query } = await startService({ emulator: { examples: EXAMPLES } });
  fail(() => ({ kind: 'change', change: (body) => ({ ...body, createdDate: 1_480_703_504.25 }) }));
  const { data } = await query('{ clientCertificate(id: "plain1") { createdDate } }');
  expect(data.clientCertificate.createdDate).toBe('2016-12-02T18:31:44.250Z');
});
