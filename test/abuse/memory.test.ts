import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { examples } from '../support/service.ts';

/** The sizes of the heap that a program prints. */
async function heapsOf(file: string): Promise<number[]> {
  const { url } = await emulate({ examples: examples(5) });
  const program = new URL(file, import.meta.url).pathname;
  const child = spawn(process.execPath, ['--expose-gc', program, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = await text(child.stdout);
  expect(await exited).toEqual([0, null]);
  return JSON.parse(printed).heaps;
}

test.for([
  ['200,000 requests', 'the first 20,000', 'memory-child.ts', 10],
  ['300 long documents that have plans', 'the first 150', 'documents-memory-child.ts', 2],
] as const)('after %s the heap is within a tenth of its size after %s', async ([, , file, count]) => {
  const heaps = await heapsOf(file);
  expect(heaps).toHaveLength(count);
  const [first = 0] = heaps;
  expect(heaps.at(-1), `${heaps}`).toBeLessThan(first * 1.1);
});
