import { expect, test } from 'vitest';
import { createCollection, rows, slice } from './paging-model.ts';

const row = (id: string, rank: number) => ({ id, rank, key: null });
const idsOf = ({ edges }: Awaited<ReturnType<typeof slice>>) => edges.map(({ node }) => node.id);

function start() {
  const collection = createCollection(['a', 'b', 'c', 'd', 'e'].map((id, i) => row(id, 10 + i)));
  const page = (first: number, after: string | undefined) =>
    slice(collection, rows, { first, ...(after !== undefined && { after }) });
  return { collection, page };
}

test.for([0, 1, 2, 3, 4, 9])(
  'no item is returned twice when %i new items appear before the cursor',
  async (count) => {
    for (const place of [0, 1, 2, 3]) {
      const { collection, page } = start();
      const { edges } = await page(5, undefined);
      for (let i = 0; i < count; i += 1) collection.put(row(`new${i}`, i));
      for (const first of [1, 2, 5])
        expect(idsOf(await page(first, edges[place]?.cursor))).toEqual(
          ['a', 'b', 'c', 'd', 'e'].slice(place + 1).slice(0, first),
        );
    }
  },
);

test('a new item right before the item of the cursor is not returned after it', async () => {
  const { collection, page } = start();
  const { edges } = await page(5, undefined);
  collection.put(row('new', 10.5));
  expect(idsOf(await page(1, edges[1]?.cursor))).toEqual(['c']);
});

test('a page after a deleted item costs one more call', async () => {
  const { collection, page } = start();
  const { edges } = await page(4, undefined);
  collection.delete('b');
  collection.limits.length = 0;
  expect(idsOf(await page(1, edges[1]?.cursor))).toEqual(['c']);
  expect(collection.limits).toHaveLength(2);
});
