import { createRecentlyUsed } from '../collections/recently-used.ts';
import { type Answered, isPartOfAll, type Question } from './question.ts';

/** What AWS's pages have revealed about a collection: how many there are, and where they begin. */
export type SeenPages = {
  /** The number of calls for the whole collection, as far as is known; `Infinity` if it has too many pages to be read. */
  readonly ofAll: number;
  /** Notes an answer, the `count`-th of a read for `asked`. */
  add<T>(answered: Answered<T>, asked: Question, count: number): void;
  addTooMany(): void;
  /** What to ask AWS: for a page at an unknown `position`, the whole collection. */
  toAsk(question: Question): Question;
  /** Whether neither AWS nor the whole collection can tell where a page begins. */
  isLost(question: Question): boolean;
};

/** Each walk in progress needs one, of about 50 characters. */
const MAX_POSITIONS = 10_000;

/** A collection of more than `maxPages` pages is never read as a whole. */
export function createSeenPages(maxPages: number): SeenPages {
  const positions = createRecentlyUsed<true>(MAX_POSITIONS);
  let ofAll = 1;

  /** A position that AWS did not give to this process is of another one, of an earlier one, or invented. */
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
    toAsk: (question) => (isPartOfAll(question) && isUnplaced(question) ? { kind: 'all' } : question),
    isLost: (question) => !isPartOfAll(question) && isUnplaced(question),
  };
}
