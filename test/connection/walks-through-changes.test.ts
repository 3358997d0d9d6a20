import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { walk } from '../emulator/support.ts';
import { runs } from '../support/runs.ts';
import { examples, startService } from '../support/service.ts';
import { type Collection, createCollection, type Row, rows, slice } from './paging-model.ts';

const row = (number: number): Row => {
  const id = `c${String(number).padStart(3, '0')}`;
  return { id, rank: number, key: null };
};
const page = (collection: Collection, first: number, after: string | undefined) =>
  slice(collection, rows, { first, after });
const idsOf = (all: Row[]) => all.map(({ id }) => id);

const ids = fc.uniqueArray(fc.nat(60), { maxLength: 30 });

/** What happens between two pages, and from which edge of the first the client continues. */
const step = fc.record({
  created: fc.array(fc.nat(60), { maxLength: 4 }),
  deleted: fc.array(fc.nat(60), { maxLength: 4 }),
  deletesCursor: fc.boolean(),
  mostAPage: fc.integer({ min: 1, max: 8 }),
  goesOnBehind: fc.nat(10),
});

const QUIET = { created: [], deleted: [], deletesCursor: false, mostAPage: 500, goesOnBehind: 500 };

test('a walk never skips items that stay, whatever is created and deleted meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      ids,
      fc.integer({ min: 1, max: 7 }),
      fc.array(step, { maxLength: 12 }),
      async (start, first, steps) => {
        const collection = createCollection(start.map(row));
        const staying = new Set(idsOf(collection.all()));
        const seen = new Set<string>();
        let after: string | undefined;
        for (let pages = 0, more = true; more; pages++) {
          expect(pages).toBeLessThan(200); // the walk ends
          const { edges, pageInfo } = await page(collection, first, after);
          expect(edges.length).toBeLessThanOrEqual(first);
          const between = steps[pages] ?? QUIET;
          const taken = edges.slice(0, between.goesOnBehind + 1);
          for (const { node } of taken) seen.add(node.id);
          after = taken.at(-1)?.cursor ?? after;
          more = pageInfo.hasNextPage || taken.length < edges.length;
          const gone = idsOf(between.deleted.map(row));
          if (between.deletesCursor) gone.push(taken.at(-1)?.node.id ?? '');
          for (const id of gone) {
            collection.delete(id);
            staying.delete(id);
          }
          for (const number of between.created) collection.put(row(number));
          collection.sizeOf = () => between.mostAPage;
        }
        expect([...staying].filter((id) => !seen.has(id))).toEqual([]);
      },
    ),
    { numRuns: runs(3000) },
  );
});

test('a walk without changes returns everything once and in order, with one call of its size per page', async () => {
  await fc.assert(
    fc.asyncProperty(ids, fc.integer({ min: 1, max: 40 }), async (start, first) => {
      const collection = createCollection(start.map(row));
      const found: string[] = [];
      let after: string | undefined;
      let pages = 0;
      for (let more = true; more; pages++) {
        const { edges, pageInfo } = await page(collection, first, after);
        found.push(...edges.map(({ node }) => node.id));
        expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
        after = pageInfo.endCursor ?? undefined;
        more = pageInfo.hasNextPage;
      }
      const existing = idsOf(start.map(row)).toSorted();
      expect(found).toEqual(existing);
      expect(pages).toBe(Math.max(1, Math.ceil(existing.length / first)));
      expect(collection.limits).toEqual(Array.from({ length: pages }, () => first));
    }),
    { numRuns: runs(1000) },
  );
});

test('the page after each cursor has all further items', async () => {
  const sizes = fc.integer({ min: 1, max: 12 });
  await fc.assert(
    fc.asyncProperty(ids, sizes, sizes, async (start, first, mostAPage) => {
      const collection = createCollection(start.map(row));
      const sorted = idsOf(start.map(row)).toSorted();
      collection.sizeOf = () => mostAPage;
      const { edges } = await page(collection, first, undefined);
      for (const [i, { cursor, node }] of edges.entries()) {
        expect(node.id).toBe(sorted[i]);
        const rest = await page(collection, 500, cursor);
        expect(rest.edges.map(({ node }) => node.id)).toEqual(sorted.slice(i + 1));
      }
    }),
    { numRuns: runs(500) },
  );
});

test('a page that is topped up requests only the missing items', async () => {
  const collection = createCollection(Array.from({ length: 30 }, (_, i) => row(i)));
  collection.sizeOf = () => 4;
  const { edges } = await page(collection, 10, undefined);
  expect(collection.limits).toEqual([10, 6, 2]);
  await page(collection, 7, edges[1]?.cursor); // the 2nd item of AWS's page, which is read again up to there
  expect(collection.limits).toEqual([10, 6, 2, 9, 5, 1]);
});

test('a walk through the whole service never skips certificates that stay', async () => {
  const { client, query } = await startService({ emulator: { quota: 1000, examples: examples(12) } });
  const change = fc.constantFrom('generate', 'delete', 'delete the cursor', 'nothing');
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 8 }),
      fc.integer({ min: 1, max: 5 }),
      async (changes, first) => {
        const staying = new Set(await walk(client, 500));
        const seen = new Set<string>();
        const remove = async (clientCertificateId: string) => {
          staying.delete(clientCertificateId);
          await client.send(new DeleteClientCertificateCommand({ clientCertificateId }));
        };
        let after: string | null = null;
        for (let pages = 0, more = true; more; pages++) {
          const { data } = await query(
            `query ($first: Int, $after: String) {
            clientCertificates(first: $first, after: $after) {
              nodes { clientCertificateId }
              pageInfo { hasNextPage endCursor }
            }
          }`,
            { first, after },
          );
          const { nodes, pageInfo } = data.clientCertificates;
          for (const { clientCertificateId } of nodes) seen.add(clientCertificateId);
          more = pageInfo.hasNextPage;
          after = pageInfo.endCursor;
          const next = changes[pages];
          const cursor: string | undefined = nodes.at(-1)?.clientCertificateId;
          if (next === 'generate') await client.send(new GenerateClientCertificateCommand({}));
          if (next === 'delete the cursor' && cursor) await remove(cursor);
          const other = [...staying].find((id) => !seen.has(id));
          if (next === 'delete' && other) await remove(other);
        }
        expect([...staying].filter((id) => !seen.has(id))).toEqual([]);
      },
    ),
    { numRuns: runs(60) },
  );
});
