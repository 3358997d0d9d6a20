/**
 * The service's request handler in its own process, so that nothing else is in its heap; the emulator is at the URL in the one
 * argument. Sends long documents, three times each, so that there are plans for them. Prints, as JSON, the heap after each half.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { createService } from '../../src/service.ts';
import { parseConfig } from '../../src/settings/config.ts';

const HALF = 150;

const server = await createService({
  config: parseConfig({ LOG_LEVEL: 'silent', UPSTREAM_CALLS_PER_SECOND: '0' }),
  log: pino({}, { write: () => undefined }),
  upstream: {
    endpoint: process.argv[2] ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  },
});

async function ask(n: number): Promise<void> {
  const tags = Array.from({ length: 300 }, (_, tag) => `{ key: "${n} ${tag}" }`).join();
  const response = await server.fetch('http://service/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ clientCertificates(filter: { tags: [${tags}] }) { totalCount } }` }),
  });
  await response.text();
}

/** Waits for timers and sockets first, and collects repeatedly, because some objects need that. */
async function heapUsed(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    await wait(50);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

const heaps: number[] = [];
for (const half of [0, 1]) {
  for (let n = half * HALF; n < (half + 1) * HALF; n += 1) for (const _ of [1, 2, 3]) await ask(n);
  heaps.push(await heapUsed());
}
process.stdout.write(JSON.stringify({ heaps }));
server.close();
