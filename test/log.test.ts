import { afterEach, expect, test, vi } from 'vitest';
import { inBatches } from '../src/log.ts';

afterEach(() => vi.useRealTimers());

function start() {
  vi.useFakeTimers();
  const written: string[] = [];
  return { written, lines: inBatches({ write: (text) => void written.push(text) }) };
}

test('lines are handed on together, in their order, when a tenth of a second is over', () => {
  const { written, lines } = start();
  lines.write('a\n');
  lines.write('b\n');
  expect(written).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(written).toEqual(['a\nb\n']);
  vi.advanceTimersByTime(1000);
  expect(written).toEqual(['a\nb\n']);
});

test('many lines are not waited with', () => {
  const { written, lines } = start();
  for (let i = 0; i < 1000; i += 1) lines.write(`${'x'.repeat(99)}\n`);
  expect(written.length).toBeGreaterThan(10);
  lines.flush();
  expect(written.join('')).toBe(`${'x'.repeat(99)}\n`.repeat(1000));
});

test('what is left is handed on at the end', () => {
  const { written, lines } = start();
  lines.write('last\n');
  lines.flush();
  lines.flush();
  expect(written).toEqual(['last\n']);
});
