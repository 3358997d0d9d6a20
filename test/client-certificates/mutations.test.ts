import { GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { examples, globalIdOf, startService } from '../support/service.ts';

const NOW = new Date('2026-11-20T09:30:00.500Z');
const CERTIFICATE = 'id clientCertificateId description tags { key value }';

async function start() {
  const service = await startService({ emulator: { examples: examples(3) }, now: () => NOW });
  return {
    ...service,
    /** The state of AWS, independent of the service. */
    truth: (clientCertificateId: string) =>
      service.client.send(new GetClientCertificateCommand({ clientCertificateId })),
  };
}

test('generate makes a certificate with the given fields, and returns it without another call', async () => {
  const { calls, query, truth } = await start();
  const { data, errors } = await query(`mutation {
    generateClientCertificate(input: {
      description: "New",
      tags: [{ key: "team", value: "payments" }, { key: "env", value: "" }],
      clientMutationId: "m-1"
    }) {
      __typename
      ... on GenerateClientCertificatePayload {
        clientMutationId
        clientCertificate { ${CERTIFICATE} createdDate expirationDate status x509 { notBefore } }
      }
    }
  }`);
  expect(errors).toBeUndefined();
  const { clientCertificate, ...payload } = data.generateClientCertificate;
  const { clientCertificateId } = clientCertificate;
  expect(payload).toEqual({ __typename: 'GenerateClientCertificatePayload', clientMutationId: 'm-1' });
  expect(clientCertificate).toEqual({
    id: globalIdOf(clientCertificateId),
    clientCertificateId: expect.stringMatching(/^[a-z0-9]{6}$/),
    description: 'New',
    tags: [
      { key: 'env', value: '' },
      { key: 'team', value: 'payments' },
    ],
    createdDate: '2026-11-20T09:30:00.000Z',
    expirationDate: '2027-11-20T09:30:00.000Z',
    status: 'VALID',
    x509: { notBefore: '2026-11-20T09:30:00.000Z' },
  });
  expect(calls).toEqual(['GenerateClientCertificate']);
  expect(await truth(clientCertificateId)).toMatchObject({
    description: 'New',
    tags: { team: 'payments', env: '' },
  });
});

test('generate accepts an empty input', async () => {
  const { query } = await start();
  const { data } = await query(`mutation {
    generateClientCertificate(input: {}) {
      ... on GenerateClientCertificatePayload {
        clientMutationId
        clientCertificate { description tags { key } }
      }
    }
  }`);
  expect(data.generateClientCertificate).toEqual({
    clientMutationId: null,
    clientCertificate: { description: null, tags: [] },
  });
});

test('null is the same as no value, and so is an empty list of tags', async () => {
  const { query } = await start();
  const { data } = await query(`mutation {
    a: generateClientCertificate(input: { description: null, tags: null, clientMutationId: null }) { __typename }
    b: generateClientCertificate(input: { description: "", tags: [] }) { __typename }
  }`);
  expect(data).toEqual({
    a: { __typename: 'GenerateClientCertificatePayload' },
    b: { __typename: 'GenerateClientCertificatePayload' },
  });
});

test('a list continues behind the edge of a new certificate', async () => {
  const { query } = await start();
  const { data } = await query(`mutation {
    generateClientCertificate(input: {}) {
      ... on GenerateClientCertificatePayload {
        clientCertificate { clientCertificateId }
        clientCertificateEdge { cursor node { clientCertificateId } }
      }
    }
  }`);
  const { clientCertificate, clientCertificateEdge } = data.generateClientCertificate;
  expect(clientCertificateEdge.node).toEqual(clientCertificate);
  const all = await query('{ clientCertificates { nodes { clientCertificateId } } }');
  const rest = await query(
    `{ clientCertificates(after: "${clientCertificateEdge.cursor}") { nodes { clientCertificateId } } }`,
  );
  const ids = (answer: typeof all) =>
    answer.data.clientCertificates.nodes.map((node: typeof clientCertificate) => node.clientCertificateId);
  const place = ids(all).indexOf(clientCertificate.clientCertificateId);
  expect(place).toBeGreaterThanOrEqual(0);
  expect(ids(rest)).toEqual(ids(all).slice(place + 1));
});

test.for([
  ['the global id', globalIdOf('c001')],
  ['the ARN', 'arn:aws:apigateway:us-east-1::/clientcertificates/c001'],
  ["AWS's own id", 'c001'],
])('update, tag, untag and delete accept %s', async ([, id]) => {
  const { calls, query } = await start();
  const { data } = await query(
    `mutation ($id: ID!) {
      updateClientCertificate(input: { id: $id, description: "x" }) { __typename }
      tagClientCertificate(input: { id: $id, tags: [{ key: "a", value: "b" }] }) { __typename }
      untagClientCertificate(input: { id: $id, tagKeys: ["a"] }) { __typename }
      deleteClientCertificate(input: { id: $id, evenIfUsed: true }) { __typename }
    }`,
    { id },
  );
  expect(data).toEqual({
    updateClientCertificate: { __typename: 'UpdateClientCertificatePayload' },
    tagClientCertificate: { __typename: 'TagClientCertificatePayload' },
    untagClientCertificate: { __typename: 'UntagClientCertificatePayload' },
    deleteClientCertificate: { __typename: 'DeleteClientCertificatePayload' },
  });
  expect(calls).toEqual([
    'UpdateClientCertificate',
    'TagResource',
    'UntagResource',
    'DeleteClientCertificate',
  ]);
});

test('update changes the description, and returns the new one without another call', async () => {
  const { calls, query, truth } = await start();
  const { data } = await query(`mutation {
    updateClientCertificate(input: { id: "c001", description: "Changed – 変更", clientMutationId: "" }) {
      ... on UpdateClientCertificatePayload { clientMutationId clientCertificate { ${CERTIFICATE} } }
    }
  }`);
  expect(data.updateClientCertificate).toEqual({
    clientMutationId: '',
    clientCertificate: {
      id: globalIdOf('c001'),
      clientCertificateId: 'c001',
      description: 'Changed – 変更',
      tags: [],
    },
  });
  expect(calls).toEqual(['UpdateClientCertificate']);
  expect((await truth('c001')).description).toBe('Changed – 変更');
});

test('tag adds and overwrites, untag removes, and a selected certificate is read again', async () => {
  const { callsOf, query, truth } = await start();
  const tagged = await callsOf(async () => {
    const { data } = await query(`mutation {
      a: tagClientCertificate(input: { id: "c001", tags: [{ key: "a", value: "1" }, { key: "b", value: "2" }] }) {
        ... on TagClientCertificatePayload { clientCertificate { tags { key value } } clientMutationId }
      }
      b: tagClientCertificate(input: { id: "c001", tags: [{ key: "a", value: "3" }], clientMutationId: "m-2" }) {
        ... on TagClientCertificatePayload { clientCertificate { tags { key value } } clientMutationId }
      }
    }`);
    const b = { key: 'b', value: '2' };
    expect(data).toEqual({
      a: { clientCertificate: { tags: [{ key: 'a', value: '1' }, b] }, clientMutationId: null },
      b: { clientCertificate: { tags: [{ key: 'a', value: '3' }, b] }, clientMutationId: 'm-2' },
    });
  });
  expect(tagged).toEqual(['TagResource', 'GetClientCertificate', 'TagResource', 'GetClientCertificate']);
  const { data } = await query(`mutation {
    untagClientCertificate(input: { id: "c001", tagKeys: ["a", "absent"], clientMutationId: "m-3" }) {
      ... on UntagClientCertificatePayload { clientCertificate { tag(key: "a") tags { key } } clientMutationId }
    }
  }`);
  expect(data.untagClientCertificate).toEqual({
    clientCertificate: { tag: null, tags: [{ key: 'b' }] },
    clientMutationId: 'm-3',
  });
  expect((await truth('c001')).tags).toEqual({ b: '2' });
});

test('delete returns the global id of the deleted certificate', async () => {
  const { calls, query, truth } = await start();
  const { data } = await query(`mutation {
    deleteClientCertificate(input: { id: "c001", evenIfUsed: true, clientMutationId: "m-4" }) {
      __typename
      ... on DeleteClientCertificatePayload { deletedClientCertificateId clientMutationId }
    }
  }`);
  expect(data.deleteClientCertificate).toEqual({
    __typename: 'DeleteClientCertificatePayload',
    deletedClientCertificateId: globalIdOf('c001'),
    clientMutationId: 'm-4',
  });
  expect(calls).toEqual(['DeleteClientCertificate']);
  await expect(truth('c001')).rejects.toThrow('Invalid Client Certificate identifier specified');
});
