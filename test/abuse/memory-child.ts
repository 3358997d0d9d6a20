/**
 * The service's request handler in its own process, so that nothing else is in its heap; the emulator is at the URL
 * in the one argument. Prints, as JSON, the heap after each tenth of the requests.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { createService } from '../../src/service.ts';
import { parseConfig } from '../../src/settings/config.ts';

const REQUESTS = 200_000;
const PART = 20_000;
const AT_ONCE = 50;

const config = parseConfig({ LOG_LEVEL: 'silent', UPSTREAM_CALLS_PER_SECOND: '0' });
// The log's lines are made, and go nowhere.
const server = await createService({
  config,
  log: pino({}, { write: () => undefined }),
  upstream: {
    endpoint: process.argv[2] ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  },
});

/** Every tenth request calls AWS, which takes some milliseconds; the others differ in what the service caches. */
function bodyOf(i: number): object {
  switch (i % 20) {
    case 0:
      return { query: '{ clientCertificates(first: 5) { nodes { id status } pageInfo { endCursor } } }' };
    case 10:
      return {
        query: 'query ($id: ID!) { clientCertificate(id: $id) { description } }',
        variables: { id: `c00${i % 5}` },
      };
    case 1:
    case 11:
      return { query: `{ clientCertificate(id: "${i}!") { id } }` };
    case 2:
    case 12:
      return { query: `query Name${i} { __typename }` };
    case 3:
    case 13:
      return { query: `{ noSuchField${i} }` };
    case 4:
      return { query: `{ __typename ${'('.repeat(i % 7)}` };
    case 5:
      return {
        query: 'query ($v: Int!) { clientCertificates(first: $v) { totalCount } }',
        variables: { v: `${i}` },
      };
    default:
      return { query: '{ __typename }' };
  }
}

async function ask(i: number): Promise<void> {
  const response = await server.fetch('http://service/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': `request-${i}` },
    body: JSON.stringify(bodyOf(i)),
  });
  if (response.status >= 500) throw new Error(`${response.status}: ${await response.text()}`);
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
let next = 0;
while (next < REQUESTS) {
  const end = next + PART;
  const clients = Array.from({ length: AT_ONCE }, async () => {
    while (next < end) await ask(next++);
  });
  await Promise.all(clients);
  heaps.push(await heapUsed());
}
process.stdout.write(`${JSON.stringify({ heaps, rss: process.memoryUsage.rss() })}\n`);
server.close();
