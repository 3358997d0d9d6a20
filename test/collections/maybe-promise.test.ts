import { expect, test } from 'vitest';
import { lazyPromise } from '../../src/maybe-promise.ts';

test('a result is kept, and a failure is not', async () => {
  let runs = 0;
  const result = lazyPromise(async () => {
    runs += 1;
    if (runs === 1) throw new Error('once');
    return runs;
  });
  const [first, second] = [result(), result()];
  await expect(first).rejects.toThrow('once');
  await expect(second).rejects.toThrow('once');
  expect(await result()).toBe(2);
  expect(await result()).toBe(2);
});
