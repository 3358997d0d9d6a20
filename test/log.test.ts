import { Writable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { inBatches } from '../src/log.ts';

afterEach(() => vi.useRealTimers());

/** A stream that writes at once, or, while it is `stalled`, takes its time; and what it has written. */
function start({ isStalled = false } = {}) {
  vi.useFakeTimers();
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  const stream = new Writable({
    write: (bytes, _, done) => {
      const write = () => {
        written.push(String(bytes)); // as the bytes are by now
        done();
      };
      if (isStalled) waiting.push(write);
      else write();
    },
  });
  return {
    written,
    stream,
    lines: inBatches(stream),
    /** Has it write what it has. */
    goOn: async () => {
      while (waiting.length > 0) {
        waiting.shift()?.();
        await new Promise((resolve) => process.nextTick(resolve));
      }
    },
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

test('what a slow reader has not had yet stays as it was', async () => {
  const { written, lines, goOn } = start({ isStalled: true });
  const all = Array.from({ length: 3000 }, (_, i) => `line ${i} ${'x'.repeat(50)}\n`);
  for (const line of all) lines.write(line);
  lines.flush();
  expect(written).toEqual([]);
  await goOn();
  expect(written.join('')).toBe(all.join(''));
});

test('of a reader that is far behind lines are dropped, and it is told how many', async () => {
  const { written, stream, lines, goOn } = start({ isStalled: true });
  const line = `${'x'.repeat(999)}\n`;
  for (let i = 0; i < 30_000; i += 1) lines.write(line);
  expect(stream.writableLength).toBeLessThan(20_000_000);
  await goOn();
  lines.write('after\n');
  lines.flush();
  await goOn();
  const text = written.join('');
  const [, told = ''] = /^(\{.*"dropped".*\})\nafter\n$/m.exec(text) ?? [];
  const { dropped, ...rest } = JSON.parse(told);
  expect(rest).toEqual({ level: 40, time: expect.any(Number), msg: 'lines were dropped' });
  expect(text.split(line).length - 1 + dropped).toBe(30_000);
});
