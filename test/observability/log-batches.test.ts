import { Writable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { createBatches } from '../../src/observability/log-batches.ts';
import { createFileOutput } from '../../src/observability/log-output.ts';

afterEach(() => vi.useRealTimers());

/** A stream that writes at once, but not while it is `stalled`; and the text that it has written. */
function start({ isStalled = false } = {}) {
  vi.useFakeTimers();
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  const stream = new Writable({
    write: (bytes, _, done) => {
      const write = () => {
        written.push(String(bytes)); // a copy, because the bytes may be reused
        done();
      };
      if (isStalled) waiting.push(write);
      else write();
    },
  });
  return {
    written,
    stream,
    lines: createBatches(stream),
    /** Lets it write everything that it has. */
    goOn: async () => {
      while (waiting.length > 0) {
        waiting.shift()?.();
        await new Promise((resolve) => process.nextTick(resolve));
      }
    },
  };
}

test('lines are written together, in their order, after a tenth of a second', () => {
  const { written, lines } = start();
  lines.write('a\n');
  lines.write('b\n');
  expect(written).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(written).toEqual(['a\nb\n']);
  vi.advanceTimersByTime(1000);
  expect(written).toEqual(['a\nb\n']);
});

test('a full batch is written at once', () => {
  const { written, lines } = start();
  for (let i = 0; i < 1000; i += 1) lines.write(`${'x'.repeat(99)}\n`);
  expect(written.length).toBeGreaterThan(4);
  lines.flush();
  expect(written.join('')).toBe(`${'x'.repeat(99)}\n`.repeat(1000));
});

test('the remaining lines are written at shutdown', () => {
  const { written, lines } = start();
  lines.write('last\n');
  lines.flush();
  lines.flush();
  expect(written).toEqual(['last\n']);
});

test('a line that is longer than a batch is written whole, and in order', () => {
  const { written, lines } = start();
  const all = ['first\n', `${'x'.repeat(100_000)}\n`, 'last\n'];
  for (const line of all) lines.write(line);
  lines.flush();
  expect(written).toEqual(all);
});

test('no character is cut, whatever its length in bytes', () => {
  const { written, lines } = start();
  const all = Array.from({ length: 3000 }, (_, i) => `${i} ${'aé€😀'.repeat(i % 50)}\n`);
  for (const line of all) lines.write(line);
  lines.flush();
  expect(written.join('')).toBe(all.join(''));
  expect(written.length).toBeGreaterThan(10);
});

test('bytes that a slow reader has not read are not overwritten', async () => {
  const { written, lines, goOn } = start({ isStalled: true });
  const all = Array.from({ length: 3000 }, (_, i) => `line ${i} ${'x'.repeat(50)}\n`);
  for (const line of all) lines.write(line);
  lines.flush();
  expect(written).toEqual([]);
  await goOn();
  expect(written.join('')).toBe(all.join(''));
});

test('lines are dropped if the reader is far behind, and a line says how many', async () => {
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
  expect(rest).toEqual({ level: 'warn', time: expect.any(Number), msg: 'lines were dropped' });
  expect(text.split(line).length - 1 + dropped).toBe(30_000);
});

/** A file on a disk with room for `room` more bytes, as `fs.writeSync` writes to it. */
function startOnDisk({ room }: { room: number }) {
  vi.useFakeTimers();
  const disk = { room, content: '' };
  const output = createFileOutput((bytes) => {
    if (disk.room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const length = Math.min(disk.room, bytes.length);
    disk.room -= length;
    disk.content += Buffer.from(bytes.subarray(0, length)).toString();
    return length;
  });
  return { disk, lines: createBatches(output) };
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`);

test('lines are dropped while the disk is full, and the first line after that says how many', () => {
  const { disk, lines } = startOnDisk({ room: 0 });
  for (const line of numbered(0, 5000)) lines.write(line);
  vi.advanceTimersByTime(1000);
  expect(disk.content).toBe('');
  disk.room = 1_000_000;
  for (const line of numbered(5000, 5010)) lines.write(line);
  lines.flush();
  const [told = '', ...others] = disk.content.split('\n');
  expect(JSON.parse(told)).toMatchObject({ level: 'warn', dropped: 5000, msg: 'lines were dropped' });
  expect(others.join('\n')).toBe(numbered(5000, 5010).join(''));
});

test('the number of dropped lines is written as soon as there is room, without a further line', () => {
  const { disk, lines } = startOnDisk({ room: 0 });
  for (const line of numbered(0, 7)) lines.write(line);
  vi.advanceTimersByTime(1000);
  disk.room = 1000;
  vi.advanceTimersByTime(100);
  expect(JSON.parse(disk.content)).toMatchObject({ dropped: 7 });
});

test('a line that a full disk cut is terminated, and counts as dropped', () => {
  const { disk, lines } = startOnDisk({ room: 20 });
  for (const line of numbered(0, 10)) lines.write(line);
  lines.flush();
  expect(disk.content).toBe('line 0\nline 1\nline 2');
  disk.room = 1000;
  lines.write('after\n');
  lines.flush();
  const [cut, told = '', after] = disk.content.slice('line 0\nline 1\n'.length).split('\n');
  expect(cut).toBe('line 2');
  expect(JSON.parse(told)).toMatchObject({ dropped: 8 });
  expect(after).toBe('after');
});

test('the count is kept if there is room only for the line about dropped lines', () => {
  const { disk, lines } = startOnDisk({ room: 0 });
  lines.write('lost\n');
  lines.flush();
  disk.room = 40; // which cuts that line too
  lines.write('lost as well\n');
  lines.flush();
  disk.room = 1000;
  lines.flush();
  expect(JSON.parse(disk.content.split('\n')[1] ?? '')).toMatchObject({ dropped: 2 });
});

test('a failing stream does not end the process', async () => {
  vi.useFakeTimers();
  const stream = new Writable({ write: (_bytes, _, done) => done(new Error('EIO')) });
  const failed = new Promise((resolve) => stream.on('error', resolve));
  const lines = createBatches(stream);
  lines.write('a\n');
  lines.flush();
  expect(await failed).toMatchObject({ message: 'EIO' });
  for (const line of numbered(0, 5000)) lines.write(line);
  vi.advanceTimersByTime(1000);
  expect(stream.writableLength).toBe(0);
});
