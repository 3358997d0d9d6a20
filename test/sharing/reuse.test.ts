import { UpdateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../support/service.ts';
import { COUNT, GET, LIST, lookup, page, type SharingOptions, startSharing } from '../support/sharing.ts';

const walkOf = ({ data }: Answer) => ({
  ids: data.clientCertificates.nodes.map((node: { clientCertificateId: string }) => node.clientCertificateId),
  ...data.clientCertificates.pageInfo,
});

async function start(options: SharingOptions = {}) {
  const service = await startSharing({ count: 10, ...options });
  const update = async (clientCertificateId: string, value: string) =>
    service.client.send(
      new UpdateClientCertificateCommand({
        clientCertificateId,
        patchOperations: [{ op: 'replace', path: '/description', value }],
      }),
    );
  return { ...service, update };
}

describe('an AWS answer', () => {
  test.for([
    [lookup('c001'), GET],
    [lookup('none'), GET],
    [page(2), LIST],
    [COUNT, LIST],
  ] as const)('is reused within the TTL, and no longer: %s', async ([text, call]) => {
    const { query, calls, pass } = await start();
    const { data } = await query(text);
    pass(899);
    expect((await query(text)).data).toEqual(data);
    expect(calls).toEqual([call]);
    pass(101);
    await query(text);
    expect(calls).toEqual([call, call]);
  });

  test('is as old as its request, however late it arrived', async () => {
    const { query, calls, hold, arrived, pass } = await start();
    const release = hold();
    const first = query(lookup('c001'));
    await arrived(1);
    pass(600);
    release();
    await first;
    pass(299);
    await query(lookup('c001'));
    expect(calls).toEqual([GET]);
    pass(101);
    await query(lookup('c001'));
    expect(calls).toEqual([GET, GET]);
  });

  test('that arrives late does not replace a newer one', async () => {
    const { query, hold, arrived, pass, update } = await start({ slowMs: 50 });
    const release = hold();
    const late = query(page(3));
    await arrived(1);
    pass(100);
    await update('c001', 'new');
    const newer = await query(lookup('c001'));
    expect(newer.data.clientCertificate.description).toBe('new');
    release();
    await late;
    expect((await query(lookup('c001'))).data).toEqual(newer.data);
  });

  test('for a page answers the lookups of its certificates, and no others', async () => {
    const { query, calls, costOf } = await start();
    await query(page(2));
    expect(await costOf(lookup('c000'))).toEqual({ made: 0, joined: 0, reused: 1 });
    expect(await costOf(lookup('c001'))).toEqual({ made: 0, joined: 0, reused: 1 });
    expect(await costOf(lookup('c002'))).toEqual({ made: 1, joined: 0, reused: 0 });
    expect(calls).toEqual([LIST, GET]);
  });
});

describe('the whole collection, while it is fresh,', () => {
  test('answers everything', async () => {
    const { query, calls, callsOf } = await start();
    const texts = [
      lookup('c007'),
      lookup('none'),
      '{ clientCertificates(first: 3) { nodes { clientCertificateId } pageInfo { hasNextPage } } }',
      page(500),
      '{ clientCertificates(last: 2) { nodes { clientCertificateId } } }',
      '{ clientCertificates(orderBy: { field: DESCRIPTION, direction: DESC }, first: 3) { edges { cursor } } }',
      '{ clientCertificates(filter: { status: VALID, tags: [{ key: "a" }] }) { totalCount } }',
    ];
    const separate = await start();
    const expected: unknown[] = [];
    for (const text of texts) expected.push((await separate.query(text)).data);
    await query(COUNT);
    calls.length = 0;
    const answers: unknown[] = [];
    await callsOf(async () => {
      for (const text of texts) answers.push((await query(text)).data);
    });
    expect(answers).toEqual(expected);
    expect(calls).toEqual([]);
  });

  test('answers pages after cursors from single pages, and the other way round', async () => {
    const { query, pass, calls } = await start();
    const plain: ReturnType<typeof walkOf>[] = [];
    const whole: ReturnType<typeof walkOf>[] = [];
    for (const [walk, prepare] of [
      [plain, async () => undefined],
      [whole, async () => query(COUNT)],
    ] as const) {
      let after: string | undefined;
      do {
        pass(1000);
        await prepare();
        const next: ReturnType<typeof walkOf> = walkOf(await query(page(3, after)));
        walk.push(next);
        after = next.hasNextPage ? next.endCursor : undefined;
      } while (after);
    }
    expect(whole.map(({ ids }) => ids)).toEqual(plain.map(({ ids }) => ids));
    expect(whole.map(({ hasNextPage }) => hasNextPage)).toEqual(plain.map(({ hasNextPage }) => hasNextPage));
    const [, second] = plain;
    await query(COUNT);
    expect(walkOf(await query(page(3, plain[0]?.endCursor))).ids).toEqual(second?.ids);
    pass(1000);
    calls.length = 0;
    expect(walkOf(await query(page(3, whole[0]?.endCursor))).ids).toEqual(second?.ids);
    expect(calls).toEqual([LIST]);
  });

  test.for<[what: string, gone: string[]]>([
    ['the one that the cursor points at', ['c002']],
    ['all but one up to it', ['c001', 'c002']],
    ['all up to it', ['c000', 'c001', 'c002']],
    ['the one behind it', ['c003']],
  ])('continues at the same place although %s is gone', async ([, gone]) => {
    const { query, pass } = await start();
    const { endCursor } = walkOf(await query(page(3)));
    for (const id of gone)
      await query(
        `mutation { deleteClientCertificate(input: { id: "${id}", evenIfUsed: true }) { __typename } }`,
      );
    const plain = walkOf(await query(page(3, endCursor)));
    pass(1000);
    await query(COUNT);
    expect(walkOf(await query(page(3, endCursor)))).toMatchObject({ ids: plain.ids, hasNextPage: true });
  });

  test('leaves a page to AWS if all certificates of its cursor are gone', async () => {
    const { query, pass, calls } = await start({ count: 20 });
    const { endCursor } = walkOf(await query(page(8)));
    for (const id of ['c004', 'c005', 'c006', 'c007'])
      await query(
        `mutation { deleteClientCertificate(input: { id: "${id}", evenIfUsed: true }) { __typename } }`,
      );
    await query(COUNT);
    calls.length = 0;
    expect(walkOf(await query(page(3, endCursor))).ids).toEqual(['c008', 'c009', 'c010']);
    expect(calls).toEqual([LIST]);
    pass(1000);
    const [gathered, lookedUp] = await Promise.all([query(page(3, endCursor)), query(lookup('c001'))]);
    expect(walkOf(gathered).ids).toEqual(['c008', 'c009', 'c010']);
    expect(lookedUp.data.clientCertificate).toMatchObject({ clientCertificateId: 'c001' });
  });
});
