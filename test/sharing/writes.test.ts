import { UpdateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import { SHORT_CALLS } from '../support/service.ts';
import {
  COUNT,
  denied,
  failed,
  LIST,
  lookup,
  page,
  startSharing,
  throttled,
  turns,
  UPDATE,
  until,
  update,
} from '../support/sharing.ts';

const ORDERED =
  '{ clientCertificates(orderBy: { field: CREATED_DATE }) { nodes { clientCertificateId description } } }';
const READS = [lookup('c001'), page(3), ORDERED];
const KEPT = { EXPOSE_COST: 'false' };

/** The description of `c001` in an answer. */
function descriptionIn({ data }: { data: Record<string, unknown> }): unknown {
  return /"clientCertificateId":"c001","description":("[^"]*"|null)/.exec(JSON.stringify(data))?.[1];
}

describe.for([
  ['with cached responses', KEPT],
  ['without cached responses', {}],
] as const)('an answer from before a write, %s', ([, env]) => {
  test.for(READS)('is not returned after it: %s', async (text) => {
    const { query } = await startSharing({ env });
    expect(descriptionIn(await query(text))).toBe('null');
    for (const description of ['first', 'second']) {
      await query(update('c001', description));
      expect(descriptionIn(await query(text))).toBe(`"${description}"`);
    }
  });

  test.for(READS)(
    'is returned only to earlier requests if it was in flight during the write: %s',
    async (text) => {
      const { query, hold, arrived, calls } = await startSharing({ env });
      const release = hold();
      const before = query(text);
      await arrived(1);
      await query(update('c001', 'new'));
      const after = await query(text);
      expect(descriptionIn(after)).toBe('"new"');
      release();
      await before;
      calls.length = 0;
      expect(await query(text)).toEqual({
        ...after,
        ...('extensions' in after && { extensions: expect.anything() }),
      });
      expect(calls).toEqual([]);
    },
  );

  test('is not returned if it was read while AWS made the write', async () => {
    const { query, hold, arrived } = await startSharing({ env });
    const release = hold(UPDATE);
    const write = query(update('c001', 'new'));
    await arrived(1);
    await Promise.all(READS.map((text) => query(text)));
    release();
    await write;
    for (const text of READS) expect(descriptionIn(await query(text))).toBe('"new"');
  });

  test('is not returned to requests that wait for a read from before the write', async () => {
    const { query, hold, arrived } = await startSharing({ env });
    const release = hold();
    const first = query(lookup('c002'));
    await arrived(1);
    const waiting = query(lookup('c001'));
    await turns();
    await query(update('c001', 'new'));
    expect(descriptionIn(await waiting)).toBe('"new"');
    release();
    await first;
  });
});

describe('after a failed write', () => {
  test.for([
    ['failed', failed],
    ['was throttled', throttled],
    ['was refused', denied],
    ['had no answer', { kind: 'no-answer' }],
    ['lost its answer', { kind: 'cut-off' }],
  ] as const)('that %s, everything is read again', async ([, fault]) => {
    const { query, fail, calls, client } = await startSharing({
      env: { ...KEPT, ...(fault.kind === 'no-answer' && SHORT_CALLS) },
    });
    await query(page(3));
    fail((operation) => (operation === UPDATE ? fault : undefined));
    const { errors } = await query(update('c001', 'new'));
    fail(() => undefined);
    expect(fault.kind === 'cut-off' || errors?.length).toBeTruthy();
    calls.length = 0;
    const patchOperations = [{ op: 'replace' as const, path: '/description', value: 'other' }];
    await client.send(new UpdateClientCertificateCommand({ clientCertificateId: 'c001', patchOperations }));
    expect(descriptionIn(await query(page(3)))).toBe('"other"');
    expect(calls).toEqual([UPDATE, LIST]);
  });

  test('no stale answer is used', async () => {
    const { query, fail, pass } = await startSharing();
    await query(page(3));
    pass(2000);
    fail(() => throttled);
    expect(await query(page(3))).toMatchObject({ extensions: { stale: { ageSeconds: 2 } } });
    await query(update('c001', 'new'));
    expect(await query(page(3))).toMatchObject({ errors: [{ extensions: { code: 'THROTTLED' } }] });
  });
});

test('each mutation is visible to the next request', async () => {
  const { query } = await startSharing({ env: KEPT });
  const state = `{ clientCertificates { totalCount nodes { clientCertificateId tags { key value } } } }`;
  const tags = async () => (await query(state)).data.clientCertificates.nodes[1].tags;
  expect(await tags()).toEqual([]);
  const input = (rest: string) => `(input: { id: "c001", ${rest} }) { __typename }`;
  await query(`mutation { tagClientCertificate${input('tags: [{ key: "a", value: "b" }]')} }`);
  expect(await tags()).toEqual([{ key: 'a', value: 'b' }]);
  await query(`mutation { untagClientCertificate${input('tagKeys: ["a"]')} }`);
  expect(await tags()).toEqual([]);
  await query('mutation { generateClientCertificate(input: {}) { __typename } }');
  expect((await query(COUNT)).data.clientCertificates.totalCount).toBe(4);
  await query('mutation { deleteClientCertificate(input: { id: "c001", evenIfUsed: true }) { __typename } }');
  expect((await query(COUNT)).data.clientCertificates.totalCount).toBe(3);
  expect((await query(lookup('c001'))).data.clientCertificate).toBeNull();
});

test('a mutation whose client has disconnected is visible too', async () => {
  const { query, ask, hold, arrived, operations } = await startSharing({ env: KEPT });
  await query(lookup('c001'));
  const release = hold(UPDATE);
  const { leave } = ask(update('c001', 'new'));
  await arrived(2);
  leave();
  release();
  await until(() => expect(operations).toHaveLength(2));
  expect(descriptionIn(await query(lookup('c001')))).toBe('"new"');
});
