import { expect, test } from 'vitest';
import { filterInSlices } from '../../src/resources/in-slices.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const isEven = (number: number) => number % 2 === 0;

test('a short list is filtered at once', () => {
  const never = () => new Promise<void>(() => undefined);
  expect(filterInSlices(numbers(10), isEven, never)).toEqual([0, 2, 4, 6, 8]);
});

test('a long list is filtered in several turns of the event loop', async () => {
  const looked: number[] = [];
  const turns: number[] = [];
  const found = await filterInSlices(
    numbers(1001),
    (number) => looked.push(number) > 0 && isEven(number),
    async () => void turns.push(looked.length),
  );
  expect(found).toEqual(numbers(1001).filter(isEven));
  expect(turns).toEqual([0, 250, 500, 750, 1000]);
});
