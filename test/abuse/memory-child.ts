/**
 * The service's request handler in its own process, so that nothing else is in its heap; the emulator is at the URL
 * in the one argument. Prints, as JSON, the heap after each tenth of the requests.
 */
import { memoryUsed } from './heap.ts';
import { startOnlyService } from './only-service.ts';

const REQUESTS = 200_000;
const PART = 20_000;
const AT_ONCE = 50;

const { ask, close } = await startOnlyService(process.argv[2] ?? '');

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

const heaps: number[] = [];
let next = 0;

async function askNext(): Promise<void> {
  const i = next++;
  await ask(bodyOf(i), { 'x-request-id': `request-${i}` });
}

while (next < REQUESTS) {
  const end = next + PART;
  const clients = Array.from({ length: AT_ONCE }, async () => {
    while (next < end) await askNext();
  });
  await Promise.all(clients);
  heaps.push((await memoryUsed()).heapUsed);
}
process.stdout.write(`${JSON.stringify({ heaps, rss: process.memoryUsage.rss() })}\n`);
close();
