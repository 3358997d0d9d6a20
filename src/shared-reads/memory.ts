import { LRUCache } from 'lru-cache';
import type { List } from '../relay/list.ts';
import type { Page } from '../relay/pages.ts';
import { type Answer, answerTo, type Finding, keyOf, type Want } from './question.ts';

/** What a finding says, and when that was asked of AWS. */
export type Known<T> = { answer: Answer<T>; readAtMs: number };

/** The latest findings; the oldest give way where they are more than the memory is to hold. */
export type KnownFindings<T> = {
  /** The newest answer, be it to this very question or out of all of the collection. */
  recall(want: Want): Known<T> | undefined;
  /** Nothing, where something newer is known. */
  remember(finding: Finding<T>, readAtMs: number): void;
  forget(): void;
};

/** Of pages together, and besides of those by themselves; a certificate takes about two kilobytes. */
const MAX_ITEMS = 10_000;

export function createKnownFindings<T>(list: List<T>): KnownFindings<T> {
  const pages = new LRUCache<string, Known<T> & { answer: Page<T> }>({
    maxSize: MAX_ITEMS,
    sizeCalculation: ({ answer }) => 1 + answer.items.length,
  });
  const items = new LRUCache<string, Known<T>>({ max: MAX_ITEMS });
  let all: { finding: Finding<T>; readAtMs: number } | undefined;

  return {
    recall: (want) => {
      const known =
        want.kind === 'one' ? items.get(want.id) : want.kind === 'page' ? pages.get(keyOf(want)) : undefined;
      if (!all || (known && known.readAtMs > all.readAtMs)) return known;
      const answer = answerTo(list, want, all.finding);
      return answer === undefined ? known : { answer, readAtMs: all.readAtMs };
    },
    remember: (finding, readAtMs) => {
      const isNewer = (known: { readAtMs: number } | undefined) => !known || known.readAtMs <= readAtMs;
      const setItem = (id: string, answer: T | null) => {
        if (isNewer(items.peek(id))) items.set(id, { answer, readAtMs });
      };
      if (finding.kind === 'one') setItem(finding.id, finding.answer);
      else if (finding.kind === 'page') {
        const key = keyOf(finding);
        if (isNewer(pages.peek(key))) pages.set(key, { answer: finding.answer, readAtMs });
        for (const item of finding.answer.items) {
          const id = list.idOf(item);
          if (id !== '') setItem(id, item); // what came broken has none
        }
      } else if (isNewer(all)) all = { finding, readAtMs };
    },
    forget: () => {
      pages.clear();
      items.clear();
      all = undefined;
    },
  };
}
