import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Edge } from '../../src/relay/list.ts';
import type { PageArguments } from '../../src/relay/window.ts';
import type { ApiStage } from '../../src/resources/stages/api-stage.ts';
import { type StageConnection, stagesOfCertificate } from '../../src/resources/stages/connection.ts';
import { createStageIndex } from '../../src/resources/stages/stage-index.ts';

const NAMES = Array.from({ length: 12 }, (_, i) => `s${String(i).padStart(2, '0')}`);
const names = fc.subarray(NAMES);

/** An index with one API, whose stages with these names have the certificate; `where` is set where there are several accounts. */
function indexWith(stages: string[], where?: string) {
  const place = { account: undefined, accountId: undefined, where };
  const index = createStageIndex({ ...place, region: 'us-east-1', name: 'us-east-1' }, 1);
  const api = { apiId: 'a', name: 'a', protocol: 'REST' as const };
  let nowMs = 0;
  const become = (all: string[]): void => {
    nowMs += 1;
    index.read(
      api,
      all.map((name) => ({ name, certificateReference: 'c1', lastUpdatedDate: null })),
      { atMs: nowMs, at: new Date(nowMs) },
    );
  };
  index.listed('REST', [api], { atMs: 0, at: new Date(0) });
  become(stages);
  return { become, page: (args: PageArguments) => stagesOfCertificate(place, index.snapshot(), 'c1', args) };
}

async function sliceOf(connection: StageConnection) {
  const { edges, pageInfo } = await connection.slice();
  const [hasNextPage, hasPreviousPage] = await Promise.all([pageInfo.hasNextPage, pageInfo.hasPreviousPage]);
  return {
    edges,
    hasNextPage,
    hasPreviousPage,
    endCursor: pageInfo.endCursor,
    startCursor: pageInfo.startCursor,
  };
}

const namesOf = (edges: Edge<ApiStage>[]) => edges.map(({ node }) => node.name);

describe.each([
  ['of the only account and region', undefined],
  ['of one of several', 'prod/us-east-1'],
])('the pages of stages %s', (_, where) => {
  test('are those of the Relay specification, for any arguments', async () => {
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.option(fc.nat(11)),
        fc.option(fc.nat(11)),
        fc.oneof(
          fc.record({ first: fc.nat(14) }),
          fc.record({ last: fc.nat(14) }),
          fc.constant({}) as fc.Arbitrary<{ first?: number; last?: number }>,
        ),
        async (all, afterAt, beforeAt, size) => {
          const { page } = indexWith(all, where);
          const { edges: everything } = await sliceOf(page({ first: 500 }));
          const cursorAt = (at: number | null) => (at === null ? undefined : everything[at]?.cursor);
          const [after, before] = [cursorAt(afterAt), cursorAt(beforeAt)];
          const from = after === undefined ? 0 : (afterAt ?? 0) + 1;
          const to = Math.max(from, before === undefined ? all.length : (beforeAt ?? 0));
          const between = all.slice(from, to);
          const isBackward = 'last' in size || (!('first' in size) && before !== undefined);
          const count = Object.values(size)[0] ?? 25;
          const expected = isBackward
            ? between.slice(Math.max(0, between.length - count))
            : between.slice(0, count);
          const { edges, hasNextPage, hasPreviousPage } = await sliceOf(page({ ...size, after, before }));
          expect(namesOf(edges)).toEqual(expected);
          if (!isBackward) expect(hasNextPage).toBe(between.length > count);
          else expect(hasPreviousPage).toBe(between.length > count);
        },
      ),
    );
  });

  test('skip and repeat nothing on a walk, whatever else comes and goes meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(names, { minLength: 1, maxLength: 15 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (states, count, isBackward) => {
          const [initial = []] = states;
          const { become, page } = indexWith(initial, where);
          const seen: string[] = [];
          let cursor: string | null = null;
          let hasMore = true;
          for (let step = 1; hasMore; step += 1) {
            const args: PageArguments = isBackward
              ? { last: count, before: cursor }
              : { first: count, after: cursor };
            const found = await sliceOf(page(args));
            seen.push(...(isBackward ? namesOf(found.edges).toReversed() : namesOf(found.edges)));
            hasMore = isBackward ? found.hasPreviousPage : found.hasNextPage;
            cursor = (isBackward ? found.startCursor : found.endCursor) ?? cursor;
            become(states[Math.min(step, states.length - 1)] ?? []);
          }
          expect(seen).toEqual(isBackward ? seen.toSorted().toReversed() : seen.toSorted());
          expect(new Set(seen).size).toBe(seen.length);
          const always = initial.filter((name) => states.every((state) => state.includes(name)));
          expect(seen).toEqual(expect.arrayContaining(always));
        },
      ),
    );
  });

  test('have their count, and nothing else is read for empty ones', async () => {
    const { page } = indexWith(['s01', 's02'], where);
    const none = page({ first: 0 });
    expect(await none.totalCount()).toBe(2);
    expect(await sliceOf(none)).toEqual({
      edges: [],
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });
});
