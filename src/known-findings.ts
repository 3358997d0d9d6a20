import { LRUCache } from 'lru-cache';
import { type Answer, answerTo, type Finding, keyOf, type Want } from './findings.ts';
import type { List } from './paging.ts';

/** What a finding says, and when that was asked of AWS. */
export type Known<T> = { answer: Answer<T>; readAtMs: number };

/** The latest findings; the oldest give way where they are more than the memory is to hold. */
export type KnownFindings<T> = {
  /** The newest answer, be it to this very question or out of all of the collection. */
  recall(want: Want): Known<T> | undefined;
  remember(finding: Finding<T>, readAtMs: number): void;
  forget(): void;
};

/** Each is a page of up to 500 certificates, of about two kilobytes each. */
const MAX_PAGES = 100;
const MAX_ITEMS = 10_000;

export function createKnownFindings<T>(list: List<T>): KnownFindings<T> {
  const pages = new LRUCache<string, Known<T>>({ max: MAX_PAGES });
  const items = new LRUCache<string, Known<T>>({ max: MAX_ITEMS });
  let all: { finding: Finding<T>; readAtMs: number } | undefined;

  return {
    recall: (want) => {
      const known =
        want.kind === 'one' ? items.get(want.id) : want.kind === 'page' ? pages.get(keyOf(want)) : undefined;
      if (!all || (known && known.readAtMs > all.readAtMs)) return known;
      const answer = answerTo(list, want, all.finding);
      return answer === undefined ? undefined : { answer, readAtMs: all.readAtMs };
    },
    remember: (finding, readAtMs) => {
      if (finding.kind === 'all') all = { finding, readAtMs };
      else if (finding.kind === 'one') items.set(finding.id, { answer: finding.answer, readAtMs });
      else {
        pages.set(keyOf(finding), { answer: finding.answer, readAtMs });
        for (const item of finding.answer.items) {
          const id = list.idOf(item);
          if (id !== '') items.set(id, { answer: item, readAtMs }); // what came broken has none
        }
      }
    },
    forget: () => {
      pages.clear();
      items.clear();
      all = undefined;
    },
  };
}
