import { expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { arnOf } from '../../src/resources/client-certificates/id.ts';
import { examples, globalIdOf, startService } from '../support/service.ts';

const NODE = `query ($id: ID!) {
  node(id: $id) { __typename id ... on ClientCertificate { clientCertificateId } }
}`;
const NODES = `query ($ids: [ID!]!) {
  nodes(ids: $ids) { __typename id ... on ClientCertificate { clientCertificateId } }
}`;

const nodeOf = (clientCertificateId: string) => ({
  __typename: 'ClientCertificate',
  id: globalIdOf(clientCertificateId),
  clientCertificateId,
});

test('node returns the certificate of a global id', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(3) } });
  expect(await query(NODE, { id: globalIdOf('c001') })).toEqual({ data: { node: nodeOf('c001') } });
  expect(calls).toEqual(['GetClientCertificate']);
});

test('node is null if nothing has the id', async () => {
  const { query } = await startService({ emulator: { examples: examples(3) } });
  expect(await query(NODE, { id: globalIdOf('nobody') })).toEqual({ data: { node: null } });
});

/** None of these is a global id; the last four look like one. */
const MALFORMED = [
  'c001',
  'arn:aws:apigateway:us-east-1::/clientcertificates/c001',
  '',
  'ä'.repeat(5000),
  encodeGlobalId('Tag', 'team'),
  encodeGlobalId('ClientCertificate', 'c001'),
  encodeGlobalId('ClientCertificate', globalIdOf('c001')),
];

test.for(MALFORMED)('node refuses the id %j, and the error names its argument', async (id) => {
  const { calls, query } = await startService({ emulator: { examples: examples(3) } });
  const { data, errors } = await query(NODE, { id });
  expect(data).toEqual({ node: null });
  expect(errors).toMatchObject([{ path: ['node'], extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors?.[0]?.message).toMatch(/^id: expected a global id of this region, got "/);
  expect(errors?.[0]?.message.length).toBeLessThan(120);
  expect(calls).toEqual([]);
});

test.for(['eu-west-1', 'cn-north-1'])(
  'the errors of node and nodes for an id of %s name that region',
  async (region) => {
    const { calls, query } = await startService();
    const id = encodeGlobalId('ClientCertificate', arnOf(region, 'c001'));
    const message = `expected a client certificate of the region us-east-1, got one of another region, ${region}`;
    const { errors } = await query('query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }', {
      id,
    });
    expect(errors).toMatchObject([
      {
        message: `id: ${message}`,
        extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['id'], message }] },
      },
      { message: `ids.0: ${message}`, extensions: { issues: [{ path: ['ids', '0'], message }] } },
    ]);
    expect(calls).toEqual([]);
  },
);

test('nodes keeps the order of the ids, including repeated and unknown ones, with one call', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(5) } });
  const ids = ['c004', 'c000', 'nobody', 'c002', 'c000'].map(globalIdOf);
  const { data, errors } = await query(NODES, { ids });
  expect(errors).toBeUndefined();
  expect(data.nodes).toEqual([nodeOf('c004'), nodeOf('c000'), null, nodeOf('c002'), nodeOf('c000')]);
  expect(calls).toEqual(['GetClientCertificates']);
});

test('nodes without ids is an empty list, and with one id a single lookup', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(5) } });
  expect(await query(NODES, { ids: [] })).toEqual({ data: { nodes: [] } });
  expect(calls).toEqual([]);
  expect(await query(NODES, { ids: [globalIdOf('c000'), globalIdOf('c000')] })).toEqual({
    data: { nodes: [nodeOf('c000'), nodeOf('c000')] },
  });
  expect(calls).toEqual(['GetClientCertificate']);
});

test('a malformed id among many is an error of its own, which names its index', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(5) } });
  const ids = [globalIdOf('c001'), ...MALFORMED, globalIdOf('c003')];
  const { data, errors } = await query(NODES, { ids });
  expect(data.nodes).toEqual([nodeOf('c001'), ...MALFORMED.map(() => null), nodeOf('c003')]);
  const places = errors?.map(({ message, path, extensions }) => {
    expect(extensions['code']).toBe('BAD_USER_INPUT');
    expect(message).toMatch(new RegExp(`^ids\\.${path?.[1]}: expected a global id of this region, got "`));
    return path?.[1];
  });
  expect(places?.toSorted()).toEqual(MALFORMED.map((_, i) => i + 1));
  expect(calls).toEqual(['GetClientCertificates']);
});

test('node, nodes and clientCertificate of one operation share one call', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(5) } });
  const { data } = await query(`{
    node(id: "${globalIdOf('c000')}") { id }
    nodes(ids: ["${globalIdOf('c001')}", "${globalIdOf('c002')}"]) { id }
    clientCertificate(id: "c003") { id }
  }`);
  expect(data).toEqual({
    node: { id: globalIdOf('c000') },
    nodes: [{ id: globalIdOf('c001') }, { id: globalIdOf('c002') }],
    clientCertificate: { id: globalIdOf('c003') },
  });
  expect(calls).toEqual(['GetClientCertificates']);
});

test('node costs no call for a certificate in a list of the same operation', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(5) } });
  const { data } = await query(`{
    node(id: "${globalIdOf('c001')}") { id }
    clientCertificates { nodes { id } }
  }`);
  expect(data.node).toEqual({ id: globalIdOf('c001') });
  expect(calls).toEqual(['GetClientCertificates']);
});
