import { expect, test } from 'vitest';
import { examples, globalIdOf, startService } from '../support/service.ts';

/** The selection in the payload of a change. */
const shown = (change: string) =>
  `... on ${change}ClientCertificatePayload { clientCertificate { description tags { key } } }`;

test('the payload of each change in an operation shows the state right after that change', async () => {
  const { query } = await startService({ emulator: { examples: examples(1) } });
  const { data, errors } = await query(`mutation {
    a: updateClientCertificate(input: { id: "c000", description: "first" }) { ${shown('Update')} }
    b: tagClientCertificate(input: { id: "c000", tags: [{ key: "k", value: "v" }] }) { ${shown('Tag')} }
    c: updateClientCertificate(input: { id: "c000", description: "" }) { ${shown('Update')} }
    d: untagClientCertificate(input: { id: "c000", tagKeys: ["k"] }) { ${shown('Untag')} }
    e: updateClientCertificate(input: { id: "c000", description: "last" }) { ${shown('Update')} }
  }`);
  expect(errors).toBeUndefined();
  const certificate = (description: string | null, ...keys: string[]) => ({
    clientCertificate: { description, tags: keys.map((key) => ({ key })) },
  });
  expect(data).toEqual({
    a: certificate('first'),
    b: certificate('first', 'k'),
    c: certificate(null, 'k'),
    d: certificate(null),
    e: certificate('last'),
  });
});

test('a certificate that was deleted in an operation is not found later in it', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(1) } });
  const { data } = await query(`mutation {
    a: updateClientCertificate(input: { id: "c000", description: "x" }) { __typename }
    b: deleteClientCertificate(input: { id: "${globalIdOf('c000')}", evenIfUsed: true }) { __typename }
    c: deleteClientCertificate(input: { id: "c000", evenIfUsed: true }) { __typename }
    d: updateClientCertificate(input: { id: "c000", description: "y" }) { __typename }
    e: tagClientCertificate(input: { id: "c000", tags: [{ key: "k", value: "v" }] }) { __typename }
  }`);
  expect(data).toEqual({
    a: { __typename: 'UpdateClientCertificatePayload' },
    b: { __typename: 'DeleteClientCertificatePayload' },
    c: { __typename: 'NotFoundError' },
    d: { __typename: 'NotFoundError' },
    e: { __typename: 'NotFoundError' },
  });
  expect(calls).toHaveLength(5);
});

test('certificates that are generated in one operation are different', async () => {
  const { calls, query } = await startService();
  const { data } = await query(`mutation {
    a: generateClientCertificate(input: { description: "a" }) { ...new }
    b: generateClientCertificate(input: { description: "b" }) { ...new }
  }
  fragment new on GenerateClientCertificatePayload {
    clientCertificate { id description x509 { serialNumber } }
    clientCertificateEdge { node { id description x509 { serialNumber } } }
  }`);
  const { a, b } = data;
  expect(a.clientCertificate.description).toBe('a');
  expect(b.clientCertificate.description).toBe('b');
  expect(a.clientCertificate.id).not.toBe(b.clientCertificate.id);
  expect(a.clientCertificate.x509).not.toEqual(b.clientCertificate.x509);
  expect(a.clientCertificateEdge.node).toEqual(a.clientCertificate);
  expect(b.clientCertificateEdge.node).toEqual(b.clientCertificate);
  expect(calls).toEqual(['GenerateClientCertificate', 'GenerateClientCertificate']);
});

test('a failed change does not prevent the next one', async () => {
  const { query } = await startService({ emulator: { examples: examples(2) } });
  const { data } = await query(`mutation {
    a: deleteClientCertificate(input: { id: "nobody", evenIfUsed: true }) { __typename }
    b: deleteClientCertificate(input: { id: "not an id", evenIfUsed: true }) { __typename }
    c: deleteClientCertificate(input: { id: "c000", evenIfUsed: true }) { __typename }
  }`);
  expect(data).toEqual({
    a: { __typename: 'NotFoundError' },
    b: { __typename: 'InvalidInputError' },
    c: { __typename: 'DeleteClientCertificatePayload' },
  });
});

test('tagging costs one call if the certificate is not selected, even with the clientMutationId', async () => {
  const { calls, query } = await startService({ emulator: { examples: examples(1) } });
  await query(`mutation {
    tagClientCertificate(input: { id: "c000", tags: [{ key: "k", value: "v" }] }) {
      __typename
      ... on TagClientCertificatePayload { clientMutationId }
    }
  }`);
  expect(calls).toEqual(['TagResource']);
});

test('the next operation sees each change', async () => {
  const { query } = await startService({ emulator: { examples: examples(2) } });
  const all = async () => {
    const { data } = await query(
      '{ clientCertificates { nodes { clientCertificateId description tags { key } } } }',
    );
    return data.clientCertificates.nodes;
  };
  await query(
    'mutation { updateClientCertificate(input: { id: "c000", description: "new" }) { __typename } }',
  );
  await query(`mutation {
    tagClientCertificate(input: { id: "c000", tags: [{ key: "k", value: "v" }] }) { __typename }
  }`);
  await query('mutation { deleteClientCertificate(input: { id: "c001", evenIfUsed: true }) { __typename } }');
  expect(await all()).toEqual([{ clientCertificateId: 'c000', description: 'new', tags: [{ key: 'k' }] }]);
});
