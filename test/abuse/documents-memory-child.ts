/**
 * Sends long documents to the service in this process, three times each, so that there are plans for them; the emulator is at the URL in
 * the one argument. Prints, as JSON, the heap after each half.
 */
import { memoryUsed } from './heap.ts';
import { startOnlyService } from './only-service.ts';

const HALF = 150;

const { ask, close } = await startOnlyService(process.argv[2] ?? '');

function bodyOf(n: number): object {
  const tags = Array.from({ length: 300 }, (_, tag) => `{ key: "${n} ${tag}" }`).join();
  return { query: `{ clientCertificates(filter: { tags: [${tags}] }) { totalCount } }` };
}

const heaps: number[] = [];
for (const half of [0, 1]) {
  for (let n = half * HALF; n < (half + 1) * HALF; n += 1) for (const _ of [1, 2, 3]) await ask(bodyOf(n));
  heaps.push((await memoryUsed()).heapUsed);
}
process.stdout.write(JSON.stringify({ heaps }));
close();
