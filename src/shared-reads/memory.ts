import { LRUCache } from 'lru-cache';
import type { Stamp } from '../aws/stamps.ts';
import { createRecentlyUsed } from '../collections/recently-used.ts';
import type { List } from '../relay/list.ts';
import type { Page } from '../relay/pages.ts';
import {
  type Answered,
  type Answers,
  type AnswerTo,
  type Kind,
  keyOf,
  type Question,
  questionAnswered,
} from './question.ts';

/** An answer with its stamp. */
export type Known<T, K extends Kind = Kind> = { answer: Answers<T>[K]; stamp: Stamp };

/** The known answers about a collection. It is bounded: the least recently used are dropped first. */
export type Memory<T> = {
  /** The newest answer that is younger than `maxAgeMs`, even if AWS gave it to another question. */
  recall<K extends Kind>(question: Question<K>, maxAgeMs: number): Known<T, K> | undefined;
  /** Keeps an answer, unless a newer one is known or its epoch is over. */
  remember(answered: Answered<T>, stamp: Stamp): void;
  /** Forgets everything, and begins a new epoch. */
  forget(): void;
  /** The stamp for a call that is sent now. */
  stamp(): Stamp;
  ageMsOf(stamp: Stamp): number;
  /** What was asked for the answer with this stamp, if it is kept. */
  questionOf(stamp: Stamp): Question | undefined;
  /** Whether there was no write to the collection since then. */
  isOfThisEpoch(stamp: Stamp): boolean;
};

export type MemoryOptions<T> = {
  collection: string;
  /** AWS's own list. */
  list: List<T>;
  answerTo: AnswerTo<T>;
  elapsedMs: () => number;
};

/** The maximum number of items in all pages together, and of single items. A certificate takes about two kilobytes. */
const MAX_ITEMS = 10_000;

/** A memory in this process. */
export function createMemory<T>({ collection, list, answerTo, elapsedMs }: MemoryOptions<T>): Memory<T> {
  const pages = new LRUCache<string, { answer: Page<T>; stamp: Stamp }>({
    maxSize: MAX_ITEMS,
    sizeCalculation: ({ answer }) => 1 + answer.items.length,
  });
  const items = createRecentlyUsed<Known<T, 'one'>>(MAX_ITEMS);
  let all: { answered: Answered<T>; stamp: Stamp } | undefined;
  const questions = new WeakMap<Stamp, Question>();
  let epoch = 0;

  const kept: { [K in Kind]: (question: Question<K>) => Known<T, K> | undefined } = {
    all: () => undefined,
    page: (question) => pages.get(keyOf(question)),
    one: ({ id }) => items.get(id),
  };

  function newest<K extends Kind>(question: Question<K>): Known<T, K> | undefined {
    const known = kept[question.kind](question);
    if (!all || (known && known.stamp.readAtMs > all.stamp.readAtMs)) return known;
    const answer = answerTo(question, all.answered);
    return answer === undefined ? known : { answer, stamp: all.stamp };
  }

  const ageMsOf = ({ readAtMs }: Stamp) => elapsedMs() - readAtMs;
  const isOfThisEpoch = (stamp: Stamp) => stamp.collection === collection && stamp.epoch === epoch;

  return {
    recall: (question, maxAgeMs) => {
      const known = newest(question);
      return known && ageMsOf(known.stamp) < maxAgeMs ? known : undefined;
    },
    remember: (answered, stamp) => {
      if (!isOfThisEpoch(stamp)) return;
      questions.set(stamp, questionAnswered(answered));
      const isNewer = (known: { stamp: Stamp } | undefined) =>
        !known || known.stamp.readAtMs <= stamp.readAtMs;
      const setItem = (id: string, answer: T | null) => {
        if (isNewer(items.peek(id))) items.set(id, { answer, stamp });
      };
      if (answered.kind === 'one') setItem(answered.id, answered.answer);
      else if (answered.kind === 'page') {
        const key = keyOf(answered);
        if (isNewer(pages.peek(key))) pages.set(key, { answer: answered.answer, stamp });
        for (const item of answered.answer.items) {
          const id = list.idOf(item);
          if (id !== undefined) setItem(id, item); // a broken one has none
        }
      } else if (isNewer(all)) all = { answered, stamp };
    },
    forget: () => {
      epoch += 1;
      pages.clear();
      items.clear();
      all = undefined;
    },
    stamp: () => ({ collection, epoch, readAtMs: elapsedMs() }),
    ageMsOf,
    questionOf: (stamp) => questions.get(stamp),
    isOfThisEpoch,
  };
}
