import { afterEach, expect, test, vi } from 'vitest';
import { inBatches } from '../src/log.ts';

afterEach(() => vi.useRealTimers());

function start() {
  vi.useFakeTimers();
  const written: string[] = [];
  return {
    written,
    lines: inBatches({ write: (bytes) => void written.push(Buffer.from(bytes).toString()) }),
  };
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
  expect(written.length).toBeGreaterThan(4);
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

test('a line that is longer than a batch comes whole, and in its place', () => {
  const { written, lines } = start();
  const all = ['first\n', `${'x'.repeat(100_000)}\n`, 'last\n'];
  for (const line of all) lines.write(line);
  lines.flush();
  expect(written).toEqual(all);
});

test('no character is cut, however many bytes it has', () => {
  const { written, lines } = start();
  const all = Array.from({ length: 3000 }, (_, i) => `${i} ${'aé€😀'.repeat(i % 50)}\n`);
  for (const line of all) lines.write(line);
  lines.flush();
  expect(written.join('')).toBe(all.join(''));
  expect(written.length).toBeGreaterThan(10);
});
