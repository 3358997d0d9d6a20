import { isPartOfAll, keyOf, type Question } from './question.ts';

/** What a choice of reads is made by. */
export type Sizes = {
  /** How many calls it takes to read the whole collection, as far as has been seen. */
  pagesOfAll: number;
  /** More pages than that are never read for the whole collection. */
  maxPages: number;
  /** Whether several things were wanted at once a short time ago. */
  isBusy: boolean;
  /** How many calls were made for single things within the TTL. */
  singleCalls: number;
};

/** A read to start, for those whose question it answers. It is given up where the whole has more than `maxPages`. */
export type GatheredRead<W> = { question: Question; waiters: W[]; maxPages: number };

export type Gathered<W> = {
  reads: GatheredRead<W>[];
  /** Whether different things are wanted at once, or too many calls were made for single things. */
  isBusy: boolean;
  /** How many of the reads are for single things that a read of the whole would have answered. */
  singleCalls: number;
};

/**
 * The reads to start for all who wait: one of the whole collection, where that takes no more calls than a read for each
 * question. A single question is answered that way in busy times alone, and when more calls than that takes were made
 * for single things.
 */
export function gather<W extends { question: Question }>(waiting: readonly W[], sizes: Sizes): Gathered<W> {
  const { pagesOfAll, maxPages, isBusy: wasBusy, singleCalls } = sizes;
  const partsOfAll = waiting.filter(({ question }) => isPartOfAll(question));
  const count = new Set(partsOfAll.map(({ question }) => keyOf(question))).size;
  const isOverspent = count > 0 && singleCalls > pagesOfAll;
  const isBusy = count > 1 || isOverspent;
  const isWorthAll = isOverspent || (count >= pagesOfAll && (isBusy || wasBusy));
  const isAllWanted = partsOfAll.some(({ question }) => question.kind === 'all');
  if (!isAllWanted && (count === 0 || !isWorthAll))
    return { reads: readEach(waiting), isBusy, singleCalls: count };
  const worthPages = Math.min(Math.max(count, singleCalls), maxPages);
  const all: GatheredRead<W> = {
    question: { kind: 'all' },
    waiters: partsOfAll,
    maxPages: isAllWanted ? maxPages : worthPages,
  };
  const others = waiting.filter(({ question }) => !isPartOfAll(question));
  return { reads: [all, ...readEach(others)], isBusy, singleCalls: 0 };
}

/** Those who ask the same are together. */
const readEach = <W extends { question: Question }>(waiting: readonly W[]): GatheredRead<W>[] =>
  Array.from(Map.groupBy(waiting, ({ question }) => keyOf(question)).values()).flatMap((waiters) =>
    waiters.slice(0, 1).map(({ question }) => ({ question, waiters, maxPages: 1 })),
  );
