import {
  DeleteClientCertificateCommand,
  GetClientCertificatesCommand,
  paginateGetClientCertificates,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { connect, idOf, page, walk } from './support.ts';

/** An account with some certificates of ours in it. */
async function connectWith(count: number) {
  const account = await connect();
  const ids: string[] = [];
  while (ids.length < count) ids.push((await account.generate()).clientCertificateId);
  return { ...account, ids };
}

const withoutRepeats = (ids: string[]) => [...new Set(ids)];

test('a page has at most as many items as asked for, and a position while there are more', async () => {
  const { client } = await connectWith(3);
  const first = await page(client, 1);
  const second = await page(client, 1, first.position);
  expect([first.ids, second.ids]).toEqual([[expect.any(String)], [expect.any(String)]]);
  expect(first.position).not.toBe(second.position);
  expect(first.ids).not.toEqual(second.ids);
});

test('a page that holds everything has no position', async () => {
  const { client, ids } = await connectWith(2);
  const all = await page(client, 500);
  expect(all.position).toBeUndefined();
  expect(all.ids).toEqual(expect.arrayContaining(ids));
});

test('an item of a list is what get answers', async () => {
  const { client, generate } = await connect();
  const { $metadata, ...made } = await generate({ description: 'listed', tags: { team: 'payments' } });
  const { items = [] } = await client.send(new GetClientCertificatesCommand({ limit: 500 }));
  expect(items.filter(({ clientCertificateId }) => clientCertificateId === made.clientCertificateId)).toEqual(
    [made],
  );
});

test.each([1, 2, 3, 500])('a walk in pages of %i meets every certificate once', async (limit) => {
  const { client, ids } = await connectWith(3);
  const met = await walk(client, limit);
  expect(met).toEqual(withoutRepeats(met));
  expect(met).toEqual(expect.arrayContaining(ids));
});

test('the paginator of the SDK meets every certificate once', async () => {
  const { client, ids } = await connectWith(3);
  const met: string[] = [];
  for await (const { items = [] } of paginateGetClientCertificates({ client, pageSize: 2 }, {}))
    met.push(...items.map(idOf));
  expect(met).toEqual(withoutRepeats(met));
  expect(met).toEqual(expect.arrayContaining(ids));
});

test('a walk neither repeats nor loses what stays while others come and go', async () => {
  const { client, ids, generate } = await connectWith(4);
  const [leaves, leavesToo, ...stay] = ids.toSorted();
  const met: string[] = [];
  let position: string | undefined;
  do {
    const next = await page(client, 2, position);
    met.push(...next.ids);
    position = next.position;
    for (const clientCertificateId of next.ids.filter((id) => id === leaves || id === leavesToo)) {
      await client.send(new DeleteClientCertificateCommand({ clientCertificateId }));
      await generate();
    }
  } while (position !== undefined);
  expect(met).toEqual(withoutRepeats(met));
  expect(met).toEqual(expect.arrayContaining(stay));
});
