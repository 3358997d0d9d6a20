import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { List } from '../../src/relay/list.ts';
import { type ReadPage, sliceOfPages } from '../../src/relay/pages.ts';
import { parseWindow } from '../../src/relay/window.ts';
import { walk } from '../emulator/support.ts';
import { examples, startService } from '../support/service.ts';

/** AWS as it is known: items by id, a position that is the last id of the page, and pages that may be short. */
function createKeyset(ids: Iterable<number>) {
  const existing = new Set([...ids].map(name));
  const state = { mostAPage: 500, limits: [] as number[] };
  const read: ReadPage<string> = async (limit, position = '') => {
    state.limits.push(limit);
    const rest = [...existing].filter((id) => id > position).toSorted();
    const items = rest.slice(0, Math.min(limit, state.mostAPage));
    return { items, position: items.length < rest.length ? items.at(-1) : undefined };
  };
  return { existing, state, read };
}

const name = (id: number) => `c${String(id).padStart(3, '0')}`;
const page = (read: ReadPage<string>, first: number, after: string | undefined) =>
  sliceOfPages(LIST, parseWindow(LIST, { first, after }), read);

const LIST: List<string> = { type: 'Test', idOf: String, digest: '' };

const ids = fc.uniqueArray(fc.nat(60), { maxLength: 30 });

/** What happens between two pages, and from which edge of the first the client goes on. */
const step = fc.record({
  created: fc.array(fc.nat(60), { maxLength: 4 }),
  deleted: fc.array(fc.nat(60), { maxLength: 4 }),
  deletesCursor: fc.boolean(),
  mostAPage: fc.integer({ min: 1, max: 8 }),
  goesOnBehind: fc.nat(10),
});

const QUIET = { created: [], deleted: [], deletesCursor: false, mostAPage: 500, goesOnBehind: 500 };

test('a walk never skips what is there all the time, whatever comes and goes', async () => {
  await fc.assert(
    fc.asyncProperty(
      ids,
      fc.integer({ min: 1, max: 7 }),
      fc.array(step, { maxLength: 12 }),
      async (start, first, steps) => {
        const { existing, read, state } = createKeyset(start);
        const staying = new Set(existing);
        const seen = new Set<string>();
        let after: string | undefined;
        for (let pages = 0, more = true; more; pages++) {
          expect(pages).toBeLessThan(200); // it comes to an end
          const { edges, pageInfo } = await page(read, first, after);
          expect(edges.length).toBeLessThanOrEqual(first);
          const between = steps[pages] ?? QUIET;
          const taken = edges.slice(0, between.goesOnBehind + 1);
          for (const { node } of taken) seen.add(node);
          after = taken.at(-1)?.cursor ?? after;
          more = pageInfo.hasNextPage || taken.length < edges.length;
          const gone = between.deleted.map(name);
          if (between.deletesCursor) gone.push(taken.at(-1)?.node ?? '');
          for (const id of gone) {
            existing.delete(id);
            staying.delete(id);
          }
          for (const id of between.created) existing.add(name(id));
          state.mostAPage = between.mostAPage;
        }
        expect([...staying].filter((id) => !seen.has(id))).toEqual([]);
      },
    ),
    { numRuns: 3000 },
  );
});

test('a walk over what does not change has everything once and in order, with a call of its size a page', async () => {
  await fc.assert(
    fc.asyncProperty(ids, fc.integer({ min: 1, max: 40 }), async (start, first) => {
      const { existing, read, state } = createKeyset(start);
      const found: string[] = [];
      let after: string | undefined;
      let pages = 0;
      for (let more = true; more; pages++) {
        const { edges, pageInfo } = await page(read, first, after);
        found.push(...edges.map(({ node }) => node));
        expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
        after = pageInfo.endCursor ?? undefined;
        more = pageInfo.hasNextPage;
      }
      expect(found).toEqual([...existing].toSorted());
      expect(pages).toBe(Math.max(1, Math.ceil(existing.size / first)));
      expect(state.limits).toEqual(Array.from({ length: pages }, () => first));
    }),
    { numRuns: 1000 },
  );
});

test('from each cursor of any page the rest is the rest', async () => {
  const sizes = fc.integer({ min: 1, max: 12 });
  await fc.assert(
    fc.asyncProperty(ids, sizes, sizes, async (start, first, mostAPage) => {
      const { existing, read, state } = createKeyset(start);
      const sorted = [...existing].toSorted();
      state.mostAPage = mostAPage;
      const { edges } = await page(read, first, undefined);
      for (const [i, { cursor, node }] of edges.entries()) {
        expect(node).toBe(sorted[i]);
        const rest = await page(read, 500, cursor);
        expect(rest.edges.map(({ node }) => node)).toEqual(sorted.slice(i + 1));
      }
    }),
    { numRuns: 500 },
  );
});

test('a page that has to be topped up asks for no more than what is missing', async () => {
  const { read, state } = createKeyset(Array.from({ length: 30 }, (_, i) => i));
  state.mostAPage = 4;
  const { edges } = await page(read, 10, undefined);
  expect(state.limits).toEqual([10, 6, 2]);
  await page(read, 7, edges[1]?.cursor); // the 2nd of a page of AWS: that page is read again up to there
  expect(state.limits).toEqual([10, 6, 2, 9, 5, 1]);
});

test('a walk through the whole service never skips what is there all the time', async () => {
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
    { numRuns: 60 },
  );
});
