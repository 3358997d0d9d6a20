import { LRUCache } from 'lru-cache';
import type { Answered, Question } from './question.ts';

/** What AWS's pages have told of a collection: how many there are, and where they begin. */
export type SeenPages = {
  /** How many calls it takes to read the whole collection, as far as has been seen; `Infinity` for more than may be read. */
  readonly ofAll: number;
  /** Notes an answer; `count` of them came so far of a read of `asked`. */
  add<T>(answered: Answered<T>, asked: Question, count: number): void;
  addTooMany(): void;
  /** Whether AWS gave the page's `position` to this process. Others are of another process, an earlier one, or made up. */
  isKnownStart(page: Question<'page'>): boolean;
};

/** Walks that are under way have one each, of about 50 characters. */
const MAX_POSITIONS = 10_000;

export function createSeenPages(): SeenPages {
  const positions = new LRUCache<string, true>({ max: MAX_POSITIONS });
  let ofAll = 1;
  return {
    get ofAll() {
      return ofAll;
    },
    add: (answered, asked, count) => {
      if (answered.kind === 'page' && answered.answer.position !== undefined)
        positions.set(answered.answer.position, true);
      if (asked.kind === 'all') ofAll = answered.kind === 'all' ? count : Math.max(ofAll, count + 1);
    },
    addTooMany: () => {
      ofAll = Number.POSITIVE_INFINITY;
    },
    isKnownStart: ({ position }) => position === undefined || positions.get(position) === true,
  };
}
