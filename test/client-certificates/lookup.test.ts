import { DeleteClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { brokenItem } from '../../src/emulator/fault.ts';
import { examples, globalIdOf, startService } from '../support/service.ts';

const BY_ID = 'query ($id: ID!) { clientCertificate(id: $id) { clientCertificateId } }';

/** `{ a0: clientCertificate(id: "c000") { … } a1: … }` */
const aliased = (ids: string[]) =>
  `{ ${ids.map((id, i) => `a${i}: clientCertificate(id: "${id}") { clientCertificateId }`).join('\n')} }`;

const idsOf = (count: number) => examples(count).map(({ id }) => id ?? '');

test.for([
  ['the global id', globalIdOf('c001')],
  ['the ARN', 'arn:aws:apigateway:us-east-1::/clientcertificates/c001'],
  ["AWS's own id", 'c001'],
])('a certificate is found by %s with one call', async ([, id]) => {
  const { calls, query } = await startService({ emulator: { examples: examples(3) } });
  expect(await query(BY_ID, { id })).toEqual({
    data: { clientCertificate: { clientCertificateId: 'c001' } },
  });
  expect(calls).toEqual(['GetClientCertificate']);
});

test.for([globalIdOf('nobody'), 'arn:aws:apigateway:us-east-1::/clientcertificates/nobody', 'nobody', '7'])(
  'the unknown id %s is null without an error',
  async (id) => {
    const { calls, query } = await startService({ emulator: { examples: examples(3) } });
    expect(await query(BY_ID, { id })).toEqual({ data: { clientCertificate: null } });
    expect(calls).toEqual(['GetClientCertificate']);
  },
);

test('an id may be given as a number', async () => {
  const { query } = await startService({
    emulator: { examples: [{ id: '123456', createdDate: new Date() }] },
  });
  const { data } = await query('{ clientCertificate(id: 123456) { clientCertificateId } }');
  expect(data.clientCertificate).toEqual({ clientCertificateId: '123456' });
});

test('25 different ids in one operation cost one call', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(30) } });
  const ids = idsOf(25);
  const { data } = await query(aliased(ids));
  expect(Object.values(data)).toEqual(ids.map((clientCertificateId) => ({ clientCertificateId })));
  expect(calls).toEqual(['GetClientCertificates']);
});

test('a certificate that is requested by its three ids is read once', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(3) } });
  const ids = ['c001', globalIdOf('c001'), 'arn:aws:apigateway:us-east-1::/clientcertificates/c001', 'c001'];
  const { data } = await query(aliased(ids));
  expect(Object.values(data)).toEqual(ids.map(() => ({ clientCertificateId: 'c001' })));
  expect(calls).toEqual(['GetClientCertificate']);
});

test('an unknown id among known ones is null, and costs no extra call', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(3) } });
  expect(await query(aliased(['c002', 'nobody', 'c000']))).toEqual({
    data: { a0: { clientCertificateId: 'c002' }, a1: null, a2: { clientCertificateId: 'c000' } },
  });
  expect(calls).toEqual(['GetClientCertificates']);
});

test("AWS's pages are read only as far as needed", async () => {
  const { callsOf, query } = await startService({ emulator: { examples: examples(510) } });
  const near = callsOf(async () => {
    expect((await query(aliased(['c499', 'c000']))).data.a0).toEqual({ clientCertificateId: 'c499' });
  });
  expect(await near).toEqual(['GetClientCertificates']);
  const far = callsOf(async () => {
    const { data } = await query(aliased(['c000', 'c509', 'nobody']));
    expect(data).toEqual({
      a0: { clientCertificateId: 'c000' },
      a1: { clientCertificateId: 'c509' },
      a2: null,
    });
  });
  expect(await far).toEqual(['GetClientCertificates', 'GetClientCertificates']);
});

test('each operation reads again, so that it sees changes made elsewhere', async () => {
  const { callsOf, client, query } = await startService({ emulator: { examples: examples(3) } });
  await query(BY_ID, { id: 'c001' });
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c001' }));
  const again = await callsOf(async () => {
    expect(await query(BY_ID, { id: 'c001' })).toEqual({ data: { clientCertificate: null } });
  });
  expect(again).toEqual(['GetClientCertificate']);
});

test.for([
  ['before', 'clientCertificate(id: "c001") { arn } clientCertificates { nodes { arn } }'],
  ['behind', 'clientCertificates { nodes { arn } } clientCertificate(id: "c001") { arn }'],
  [
    'twice beside',
    'a: clientCertificate(id: "c001") { arn } clientCertificates { nodes { arn } } b: clientCertificate(id: "c002") { arn }',
  ],
] as const)('a certificate %s the list that contains it needs no call of its own', async ([, selection]) => {
  const { calls, query } = await startService({ emulator: { examples: examples(3) } });
  const { data, errors } = await query(`{ ${selection} }`);
  expect(errors).toBeUndefined();
  expect(data.clientCertificates.nodes).toHaveLength(3);
  expect(data.clientCertificate ?? data.a).toEqual(data.clientCertificates.nodes[1]);
  expect(calls).toEqual(['GetClientCertificates']);
});

test('a certificate that is not on a page in the same operation is read together with the whole list', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(3) } });
  const { data } = await query(`{
    clientCertificates(first: 2) { nodes { clientCertificateId } }
    clientCertificate(id: "c002") { clientCertificateId }
  }`);
  expect(data.clientCertificate).toEqual({ clientCertificateId: 'c002' });
  expect(data.clientCertificates.nodes).toHaveLength(2);
  expect(calls).toEqual(['GetClientCertificates']);
});

test('an id that may belong to a broken item is an error and not null', async () => {
  const { fail, query } = await startService({ emulator: { examples: examples(3) } });
  fail(() => brokenItem);
  const { data, errors } = await query(aliased(['c000', 'c001', 'c002']));
  expect(data).toEqual({
    a0: null,
    a1: { clientCertificateId: 'c001' },
    a2: { clientCertificateId: 'c002' },
  });
  expect(errors).toMatchObject([{ path: ['a0'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
});
