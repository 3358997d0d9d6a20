import { expect, test } from 'vitest';
import { examples, startService } from '../support/service.ts';

/** A variable with a default may stand where null may not, as the client may leave it out, but not send null. */
const QUERY = `query ($n: Int = 2, $id: ID = "c000") {
  clientCertificate(id: $id) { clientCertificateId }
  clientCertificates(first: $n) { nodes { clientCertificateId } }
}`;

const nodes = [{ clientCertificateId: 'c000' }, { clientCertificateId: 'c001' }];
const GOOD = { data: { clientCertificate: { clientCertificateId: 'c000' }, clientCertificates: { nodes } } };
const WRONG = {
  data: { clientCertificate: null, clientCertificates: { nodes } },
  errors: [{ path: ['clientCertificate'], extensions: { code: 'BAD_USER_INPUT' } }],
};

test.for([
  ['', [{ id: null }, {}, { id: null }]],
  ['after others', [{}, {}, {}, {}, { id: null }, { id: null }, {}]],
  ['in a long body', [{}, {}, {}, {}, { id: null }, { id: null }], ' '.repeat(5000)],
] as const)('a null where none may be is the error of its field alone %s', async ([, sent, padding = '']) => {
  const { query, log } = await startService({ emulator: { examples: examples(3) } });
  for (const variables of sent)
    expect(await query(QUERY + padding, variables)).toMatchObject('id' in variables ? WRONG : GOOD);
  expect(log).toEqual([]);
});

test('a null makes no limit larger', async () => {
  const { query } = await startService({ env: { MAX_COST: '100' }, emulator: { examples: examples(3) } });
  const large = `query ($n: Int, $id: ID = "c000") {
    clientCertificate(id: $id) { arn }
    clientCertificates(first: $n) { nodes { clientCertificateId } }
  }`;
  const codeOf = async (variables: object) =>
    (await query(large, variables)).errors?.[0]?.extensions?.['code'];
  expect(await codeOf({ n: 500, id: null })).toBe('OPERATION_TOO_LARGE');
  expect(await codeOf({ n: 500 })).toBe('OPERATION_TOO_LARGE');
  expect(await codeOf({ n: 2 })).toBe(undefined);
});
