import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gather, type Sizes } from '../../src/shared-reads/gather.ts';
import { isAnsweredBy, isPartOfAll, keyOf, type Question } from '../../src/shared-reads/question.ts';
import { runs } from '../support/runs.ts';

const question: fc.Arbitrary<Question> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('one'), id: fc.constantFrom('a', 'b', 'c', 'd') }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('page'),
      limit: fc.constantFrom(1, 2),
      position: fc.constantFrom(undefined, 'p', 'q'),
      onlyAws: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('all') }) },
);

const waiting = fc.array(question, { maxLength: 12 }).map((all) => all.map((question) => ({ question })));
type Waiting = { question: Question }[];

const sizes: fc.Arbitrary<Sizes> = fc.record({
  pagesOfAll: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(Number.POSITIVE_INFINITY)),
  maxPages: fc.integer({ min: 1, max: 6 }),
  isBusy: fc.boolean(),
  singleCalls: fc.nat(8),
});

const partsOf = (waiting: Waiting) => waiting.filter(({ question }) => isPartOfAll(question));
const wantsAll = (waiting: Waiting) => waiting.some(({ question }) => question.kind === 'all');
const countOf = (waiting: Waiting) => new Set(waiting.map(({ question }) => keyOf(question))).size;
const readOfAll = (waiting: Waiting, sizes: Sizes) =>
  gather(waiting, sizes).reads.find(({ question }) => question.kind === 'all');

function check(holds: (waiting: Waiting, sizes: Sizes) => void): void {
  fc.assert(fc.property(waiting, sizes, holds), { numRuns: runs(2000) });
}

describe('the reads for the waiters', () => {
  test('answer each waiter once', () => {
    check((waiting, sizes) => {
      const { reads } = gather(waiting, sizes);
      const served = reads.flatMap(({ waiters }) => waiters);
      expect(served).toHaveLength(waiting.length);
      expect(new Set(served)).toEqual(new Set(waiting));
      for (const { question, waiters } of reads)
        for (const waiter of waiters) expect(isAnsweredBy(waiter.question, question)).toBe(true);
    });
  });

  test('are all different, and each has a waiter', () => {
    check((waiting, sizes) => {
      const { reads } = gather(waiting, sizes);
      expect(countOf(reads)).toBe(reads.length);
      for (const { waiters } of reads) expect(waiters).not.toEqual([]);
    });
  });

  test('do not depend on the order of the waiters', () => {
    check((waiting, sizes) => {
      const keys = (waiting: Waiting) =>
        gather(waiting, sizes)
          .reads.map(({ question, maxPages }) => `${keyOf(question)} ${maxPages}`)
          .toSorted();
      expect(keys(waiting.toReversed())).toEqual(keys(waiting));
    });
  });

  test('are one of the whole collection, without a smaller bound, if a waiter wants that', () => {
    check((waiting, sizes) => {
      if (wantsAll(waiting)) expect(readOfAll(waiting, sizes)?.maxPages).toBe(sizes.maxPages);
    });
  });
});

describe('if no waiter wants the whole collection,', () => {
  const checkParts = (holds: (waiting: Waiting, sizes: Sizes) => void) =>
    check((waiting, sizes) => {
      if (!wantsAll(waiting)) holds(waiting, sizes);
    });

  test('a read of it takes no more pages than the calls that it saves, or than the single calls before', () => {
    checkParts((waiting, sizes) => {
      const all = readOfAll(waiting, sizes);
      const worth = Math.max(countOf(partsOf(waiting)), sizes.singleCalls);
      if (all) expect(all.maxPages).toBe(Math.min(worth, sizes.maxPages));
      if (all) expect(sizes.pagesOfAll).toBeLessThanOrEqual(worth);
    });
  });

  test('several items are read with it, if it has no more pages than there are items', () => {
    checkParts((waiting, sizes) => {
      const count = countOf(partsOf(waiting));
      if (count > 1 && count >= sizes.pagesOfAll) expect(readOfAll(waiting, sizes)).toBeDefined();
    });
  });

  test('one item is read alone, except in busy times and after many single calls', () => {
    checkParts((waiting, { pagesOfAll, ...sizes }) => {
      if (countOf(partsOf(waiting)) !== 1) return;
      const isAll = (sizes: Sizes) => readOfAll(waiting, sizes) !== undefined;
      expect(isAll({ ...sizes, pagesOfAll, isBusy: false, singleCalls: 0 })).toBe(false);
      expect(isAll({ ...sizes, pagesOfAll, isBusy: true, singleCalls: 0 })).toBe(pagesOfAll === 1);
      expect(isAll({ ...sizes, pagesOfAll: 3, isBusy: false, singleCalls: 3 })).toBe(false);
      expect(isAll({ ...sizes, pagesOfAll: 3, isBusy: false, singleCalls: 4 })).toBe(true);
    });
  });
});

test('times are busy if different items are wanted at once, or after too many single calls', () => {
  check((waiting, sizes) => {
    const count = countOf(partsOf(waiting));
    const isOverspent = count === 1 && sizes.singleCalls > sizes.pagesOfAll;
    expect(gather(waiting, sizes).isBusy).toBe(count > 1 || isOverspent);
  });
});

test('single calls are those that a read of the whole collection would have answered', () => {
  check((waiting, sizes) => {
    const { singleCalls } = gather(waiting, sizes);
    expect(singleCalls).toBe(readOfAll(waiting, sizes) ? 0 : countOf(partsOf(waiting)));
  });
});
