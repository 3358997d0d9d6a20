import { expect, test } from 'vitest';
import { createKnownFindings } from '../../src/shared-reads/memory.ts';
import { createSnapshot } from '../../src/shared-reads/snapshot.ts';

const list = { type: 'Text', digest: '', idOf: (text: string) => text };
const page = (number: number, size = 500) => ({
  kind: 'page' as const,
  limit: size,
  position: `${number}`,
  answer: { items: Array.from({ length: size }, (_, i) => `p${number}i${i}`) },
});
const one = (id: string) => ({ kind: 'one' as const, id });

test('pages give way, the oldest first, where they have too many items together', () => {
  const known = createKnownFindings(list);
  for (let number = 0; number < 100; number += 1) known.remember(page(number), number);
  const kept = Array.from({ length: 100 }, (_, number) => known.recall(page(number)) !== undefined);
  expect(kept.indexOf(true)).toBeGreaterThan(75);
  expect(kept.lastIndexOf(false)).toBe(kept.indexOf(true) - 1);
});

test('items give way too, found or not', () => {
  const known = createKnownFindings(list);
  for (let i = 0; i < 20_000; i += 1) known.remember({ ...one(`x${i}`), answer: null }, i);
  expect(known.recall(one('x0'))).toBeUndefined();
  expect(known.recall(one('x19999'))).toEqual({ answer: null, readAtMs: 19_999 });
});

test('the newest answer is recalled, whichever came last', () => {
  const known = createKnownFindings(list);
  const all = createSnapshot(list, []);
  known.remember({ kind: 'all', answer: all }, 2);
  known.remember(page(1, 1), 1);
  expect(known.recall(one('p1i0'))).toEqual({ answer: null, readAtMs: 2 });
  known.remember(page(1, 1), 3);
  known.remember({ kind: 'all', answer: all }, 2);
  expect(known.recall(one('p1i0'))).toEqual({ answer: 'p1i0', readAtMs: 3 });
  known.remember({ ...one('p1i0'), answer: null }, 2);
  expect(known.recall(one('p1i0'))).toEqual({ answer: 'p1i0', readAtMs: 3 });
  known.forget();
  expect(known.recall(one('p1i0'))).toBeUndefined();
  expect(known.recall(page(1, 1))).toBeUndefined();
  expect(known.recall({ kind: 'all' })).toBeUndefined();
});
