import { expect, test } from 'vitest';
import { createMemory } from '../../src/shared-reads/memory.ts';
import { createAnswerTo, type Kind, type Question } from '../../src/shared-reads/question.ts';
import { createSnapshot } from '../../src/shared-reads/snapshot.ts';

const list = { type: 'Text', digest: '', idOf: (text: string) => text };
const page = (number: number, size = 500) => ({
  kind: 'page' as const,
  limit: size,
  position: `${number}`,
  answer: { items: Array.from({ length: size }, (_, i) => `p${number}i${i}`) },
});

function start() {
  const answerTo = createAnswerTo(list);
  const memory = createMemory({ collection: 'texts', list, answerTo, elapsedMs: () => 0 });
  const { epoch } = memory.stamp();
  return {
    ...memory,
    at: (readAtMs: number) => ({ collection: 'texts', epoch, readAtMs }),
    recall: <K extends Kind>(question: Question<K>) => memory.recall(question, Number.POSITIVE_INFINITY),
  };
}

const one = (id: string) => ({ kind: 'one' as const, id });

test('pages are evicted, the oldest first, if they have too many items together', () => {
  const known = start();
  for (let number = 0; number < 100; number += 1) known.remember(page(number), known.at(number));
  const kept = Array.from({ length: 100 }, (_, number) => known.recall(page(number)) !== undefined);
  expect(kept.indexOf(true)).toBeGreaterThan(75);
  expect(kept.lastIndexOf(false)).toBe(kept.indexOf(true) - 1);
});

test('items are evicted too, found or not', () => {
  const known = start();
  for (let i = 0; i < 20_000; i += 1) known.remember({ ...one(`x${i}`), answer: null }, known.at(i));
  expect(known.recall(one('x0'))).toBeUndefined();
  expect(known.recall(one('x19999'))).toEqual({ answer: null, stamp: known.at(19_999) });
});

test('the newest answer is recalled, in whatever order they arrived', () => {
  const known = start();
  const all = createSnapshot(list, []);
  known.remember({ kind: 'all', answer: all }, known.at(2));
  known.remember(page(1, 1), known.at(1));
  expect(known.recall(one('p1i0'))).toEqual({ answer: null, stamp: known.at(2) });
  known.remember(page(1, 1), known.at(3));
  known.remember({ kind: 'all', answer: all }, known.at(2));
  expect(known.recall(one('p1i0'))).toEqual({ answer: 'p1i0', stamp: known.at(3) });
  known.remember({ ...one('p1i0'), answer: null }, known.at(2));
  expect(known.recall(one('p1i0'))).toEqual({ answer: 'p1i0', stamp: known.at(3) });
  known.forget();
  expect(known.recall(one('p1i0'))).toBeUndefined();
  expect(known.recall(page(1, 1))).toBeUndefined();
  expect(known.recall({ kind: 'all' })).toBeUndefined();
});
