import { isPartOfAll, keyOf, type Question } from './question.ts';

/** The facts by which reads are chosen. */
export type Sizes = {
  /** The number of calls for the whole collection, as far as is known. */
  pagesOfAll: number;
  /** The maximum number of pages of a read of the whole collection. */
  maxPages: number;
  /** Whether several things were wanted at once recently. */
  isBusy: boolean;
  /** The number of calls for single things within the TTL. */
  singleCalls: number;
};

/** A read to start, and those whose question it answers. It is abandoned if the whole has more than `maxPages`. */
export type GatheredRead<W> = { question: Question; waiters: W[]; maxPages: number };

export type Gathered<W> = {
  reads: GatheredRead<W>[];
  /** Whether different things are wanted at once, or there were too many calls for single things. */
  isBusy: boolean;
  /** The number of reads for single things that a read of the whole would also answer. */
  singleCalls: number;
};

/**
 * Chooses the reads to start for everyone who waits: one of the whole collection, if that takes no more calls than a read per
 * question. For a single question that is done only in busy times, or after more calls for single things than a read of
 * the whole takes.
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

/** Equal questions share a read. */
const readEach = <W extends { question: Question }>(waiting: readonly W[]): GatheredRead<W>[] =>
  Array.from(Map.groupBy(waiting, ({ question }) => keyOf(question)).values()).flatMap((waiters) =>
    waiters.slice(0, 1).map(({ question }) => ({ question, waiters, maxPages: 1 })),
  );
