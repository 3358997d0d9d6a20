/**
 * The service in a process of its own, on the emulator at the URL of the one argument. It reads all stages as fast as they
 * come, and prints, as JSON, the heap before the first API was read and after the last one, in bytes.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { createService } from '../../src/service.ts';
import { parseConfig } from '../../src/settings/config.ts';
import { memoryUsed } from './heap.ts';

const WARM = 20;

let nowMs = 0;
let mayRead = WARM;
let goOn = Promise.withResolvers<void>();
const service = await createService({
  config: parseConfig({ LOG_LEVEL: 'silent', STAGE_READS_PER_SECOND: '10', UPSTREAM_CALLS_PER_SECOND: '0' }),
  log: pino({}, { write: () => undefined }),
  clock: {
    elapsedMs: () => nowMs,
    wait: async (ms) => {
      nowMs += ms;
      mayRead -= 1;
      if (mayRead <= 0) await goOn.promise;
    },
  },
  upstream: {
    endpoint: process.argv[2] ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  },
});
const { stageIndex } = service.knowledge.of(service.accountRegions.all[0]);

/** What a client has of it: the snapshot, and every page. */
async function ask(): Promise<number> {
  let count = 0;
  for (let after = ''; ; ) {
    const query = `{ apiStages(first: 500${after}) { nodes { arn } pageInfo { hasNextPage endCursor } } }`;
    const response = await service.fetch('http://service/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { nodes, pageInfo } = ((await response.json()) as { data: { apiStages: Page } }).data.apiStages;
    count += nodes.length;
    if (!pageInfo.hasNextPage) return count;
    after = `, after: "${pageInfo.endCursor}"`;
  }
}
type Page = { nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string } };

void service.crawlStages();
while (mayRead > 0) await wait(10);
await ask();
const before = (await memoryUsed()).heapUsed;
mayRead = 10_000;
goOn.resolve();
goOn = Promise.withResolvers();
while (!stageIndex.snapshot().index.complete) await wait(10);
mayRead = 0;
const stages = await ask();
const after = (await memoryUsed()).heapUsed;
process.stdout.write(`${JSON.stringify({ before, after, stages })}\n`);
process.exit();
