import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/runs.ts';
import { createCollection, type Row, rows, rowsByKey, slice } from './paging-model.ts';

const rowList = fc.uniqueArray(
  fc.record({
    id: fc.string({ unit: fc.constantFrom(...'abcdef123'), minLength: 1, maxLength: 3 }),
    rank: fc.nat(50),
    key: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
  }),
  { selector: ({ id }) => id, maxLength: 30 },
);

const size = fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined });
const place = fc.option(fc.nat(40), { nil: undefined });
const list = fc.constantFrom(rows, rowsByKey(false), rowsByKey(true));

/** The order that a list promises, in the simplest code. */
function inOrder(all: Row[], digest: string): string[] {
  const order = [...all];
  if (digest !== '')
    order.sort((a, b) => {
      if (a.key !== b.key) {
        if (a.key === null) return 1;
        if (b.key === null) return -1;
        return (a.key < b.key ? -1 : 1) * (digest === 'down' ? -1 : 1);
      }
      return a.id < b.id ? -1 : 1;
    });
  return order.map(({ id }) => id);
}

test('a window is as the Relay specification says, in AWS’s order and in any other, both ways', async () => {
  await fc.assert(
    fc.asyncProperty(
      rowList,
      list,
      size,
      size,
      place,
      place,
      async (initial, list, first, last, from, to) => {
        fc.pre(first === undefined || last === undefined);
        const collection = createCollection(initial);
        const ids = inOrder(collection.all(), list.digest);
        const { edges } = await slice(collection, list, { first: 500 });
        expect(edges.map(({ node }) => node.id)).toEqual(ids);

        const after = from === undefined ? undefined : edges[from]?.cursor;
        const before = to === undefined ? undefined : edges[to]?.cursor;
        const page = await slice(collection, list, { first, last, after, before });

        // https://relay.dev/graphql/connections.htm#sec-Pagination-algorithm
        const start = after === undefined ? 0 : (from ?? 0) + 1;
        const end = before === undefined ? ids.length : (to ?? 0);
        const between = ids.slice(start, Math.max(start, end));
        const backward = last ?? (first === undefined && before !== undefined ? 25 : undefined);
        const forward = first ?? 25;
        const expected =
          backward === undefined
            ? between.slice(0, forward)
            : between.slice(Math.max(0, between.length - backward));
        expect(page.edges.map(({ node }) => node.id)).toEqual(expected);
        expect(page.pageInfo).toEqual({
          hasNextPage:
            backward === undefined
              ? between.length > forward
              : before !== undefined && start <= ids.length && Math.max(start, end) < ids.length,
          hasPreviousPage: backward === undefined ? after !== undefined : between.length > backward,
          startCursor: page.edges[0]?.cursor ?? null,
          endCursor: page.edges.at(-1)?.cursor ?? null,
        });
      },
    ),
    { numRuns: runs(3000) },
  );
});

test('a cursor of another order, filter or type is refused, and the error names its argument', async () => {
  const collection = createCollection([{ id: 'a', rank: 1, key: 'x' }]);
  const lists = [rows, rowsByKey(false), rowsByKey(true), { ...rows, type: 'Other' }];
  for (const from of lists)
    for (const to of lists) {
      if (from === to) continue;
      const { edges } = await slice(collection, from, { first: 1 });
      for (const name of ['after', 'before'])
        await expect(slice(collection, to, { [name]: edges[0]?.cursor })).rejects.toMatchObject({
          issues: [
            { path: [name], message: expect.stringContaining('expected a cursor of this connection') },
          ],
        });
    }
});

test('any text that is not a cursor is refused, however similar it looks', async () => {
  const collection = createCollection([{ id: 'a', rank: 1, key: 'x' }]);
  const text = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.json().map((json) => Buffer.from(json).toString('base64url')),
    fc
      .array(fc.oneof(fc.constant('Row'), fc.constant(''), fc.constant(null), fc.jsonValue()), {
        minLength: 6,
        maxLength: 6,
      })
      .filter(([type, digest, , , , ids]) => type !== 'Row' || digest !== '' || !Array.isArray(ids))
      .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (after) => {
      await expect(slice(collection, rows, { after })).rejects.toMatchObject({
        issues: [{ path: ['after'] }],
      });
    }),
    { numRuns: runs(2000) },
  );
});
