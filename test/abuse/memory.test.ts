import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { examples } from '../support/service.ts';

const CHILD = new URL('memory-child.ts', import.meta.url).pathname;

test('after 200,000 requests the heap is within a tenth of its size after the first 20,000', async () => {
  const { url } = await emulate({ examples: examples(5) });
  const child = spawn(process.execPath, ['--expose-gc', CHILD, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = await text(child.stdout);
  expect(await exited).toEqual([0, null]);
  const { heaps }: { heaps: number[] } = JSON.parse(printed);
  expect(heaps).toHaveLength(10);
  const [first = 0] = heaps;
  expect(heaps.at(-1), printed).toBeLessThan(first * 1.1);
});
