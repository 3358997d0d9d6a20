import { LRUCache } from 'lru-cache';
import type { Answered, Question } from './question.ts';

/** What AWS's pages have told of a collection: how many there are, and where they begin. */
export type SeenPages = {
  /** How many calls it takes to read the whole collection, as far as has been seen; `Infinity` for more than may be read. */
  readonly ofAll: number;
  /** Notes an answer; `count` of them came so far of a read of `asked`. */
  add<T>(answered: Answered<T>, asked: Question, count: number): void;
  addTooMany(): void;
  /** What to ask AWS for: the whole collection for a page at a `position` that AWS may never have given to anybody. */
  toAsk(question: Question): Question;
  /** Whether nothing tells where a page begins: neither AWS nor the whole collection. */
  isLost(question: Question): boolean;
};

/** Walks that are under way have one each, of about 50 characters. */
const MAX_POSITIONS = 10_000;

/** Of a collection with more than `maxPages` pages the whole is never read. */
export function createSeenPages(maxPages: number): SeenPages {
  const positions = new LRUCache<string, true>({ max: MAX_POSITIONS });
  let ofAll = 1;

  /** Positions that AWS did not give to this process are of another one, of an earlier one, or made up. */
  const isUnplaced = (question: Question) =>
    question.kind === 'page' &&
    ofAll <= maxPages &&
    question.position !== undefined &&
    positions.get(question.position) !== true;

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
    toAsk: (question) => (isUnplaced(question) ? { kind: 'all' } : question),
    isLost: (question) => question.kind === 'page' && question.onlyAws === true && isUnplaced(question),
  };
}
