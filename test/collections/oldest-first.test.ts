import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOldestFirst } from '../../src/collections/oldest-first.ts';

test('items come in the order in which they were added, whatever is removed meanwhile', () => {
  const step = fc.oneof(
    fc.constant({ kind: 'add' as const }),
    fc.constant({ kind: 'take' as const }),
    fc.record({ kind: fc.constant('remove' as const), number: fc.nat(30) }),
    fc.record({ kind: fc.constant('removeIf' as const), divisor: fc.integer({ min: 2, max: 5 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const items = createOldestFirst<number>();
      const removers: (() => void)[] = [];
      let expected: number[] = [];
      for (const action of steps) {
        if (action.kind === 'add') {
          expected.push(removers.length);
          removers.push(items.add(removers.length));
        } else if (action.kind === 'take') expect(items.take()).toBe(expected.shift());
        else if (action.kind === 'remove') {
          removers[action.number]?.();
          expected = expected.filter((item) => item !== action.number);
        } else {
          items.removeIf((item) => item % action.divisor === 0);
          expected = expected.filter((item) => item % action.divisor !== 0);
        }
        expect([...items]).toEqual(expected);
        expect(items.size).toBe(expected.length);
      }
    }),
  );
});

test('the item at hand may be removed while all are gone through', () => {
  const items = createOldestFirst<number>();
  const removers = [1, 2, 3].map((item) => items.add(item));
  const seen = [];
  for (const item of items) {
    seen.push(item);
    removers[item - 1]?.();
  }
  expect(seen).toEqual([1, 2, 3]);
  expect(items.size).toBe(0);
});
