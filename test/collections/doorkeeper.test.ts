import { expect, test } from 'vitest';
import { createDoorkeeper } from '../../src/collections/doorkeeper.ts';

test('a text is let in when it comes for the second time', () => {
  const admits = createDoorkeeper();
  expect(['a', 'b', 'a', 'b'].map(admits)).toEqual([false, false, true, true]);
});

test('of a thousand texts that come once, none is let in; of those that come again, nearly all are', () => {
  const admits = createDoorkeeper();
  const texts = Array.from({ length: 1000 }, (_, i) => `{"query":"{ a }","variables":{"n":${i}}}`);
  expect(texts.filter(admits)).toEqual([]);
  expect(texts.filter(admits).length).toBeGreaterThan(900);
});

test('a text that came before very many others is new again', () => {
  const admits = createDoorkeeper();
  admits('first');
  for (let i = 0; i < 200_000; i += 1) admits(`other ${i}`);
  expect(admits('first')).toBe(false);
});
