import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serve } from '../support/process.ts';
import { open, received } from './connections.ts';
import { bytes, bytesOf, requests } from './random-requests.ts';

const RUNS = 500;
const AT_ONCE = 20;

/** `last` ends the connection for writing, after which Node drops unanswered requests. */
async function exchange(url: string, sent: Buffer, last = false): Promise<string> {
  const socket = await open(url);
  const answer = received(socket);
  socket.write(sent);
  if (last) socket.end();
  return answer;
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);

const isAlive = async ({ query }: { query(text: string): Promise<unknown> }) =>
  expect(await query('{ __typename }')).toEqual({ data: { __typename: 'Query' } });

test('random bodies and headers never get a 5xx, and the service keeps running', async () => {
  // GraphiQL's page is large, and not part of this test.
  const service = await serve({ LOG_LEVEL: 'error', GRAPHIQL: 'false' });
  const batches = fc.array(requests, { minLength: AT_ONCE, maxLength: AT_ONCE, size: 'max' });
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      const answers = await Promise.all(batch.map((one) => exchange(service.url, bytesOf(one))));
      for (const answer of answers) {
        expect(statusOf(answer), answer).toBeGreaterThanOrEqual(200);
        expect(statusOf(answer), answer).toBeLessThan(500);
        expect(answer).not.toMatch(/INTERNAL_SERVER_ERROR|node_modules|file:\/\//);
        statuses.add(statusOf(answer));
      }
    }),
    { numRuns: RUNS },
  );
  for (const status of [200, 400, 404, 405, 406, 415]) expect([...statuses]).toContain(status);
  await isAlive(service);
  expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
});

test('random bytes instead of HTTP get 400 or a closed connection', async () => {
  const service = await serve({ LOG_LEVEL: 'error' });
  await fc.assert(
    fc.asyncProperty(fc.array(bytes(500), { minLength: AT_ONCE, maxLength: AT_ONCE }), async (batch) => {
      const answers = await Promise.all(
        batch.map((sent) => exchange(service.url, Buffer.concat([sent, Buffer.from('\r\n\r\n')]), true)),
      );
      for (const answer of answers) expect(answer).toMatch(/^(HTTP\/1\.1 400 |$)/);
    }),
    { numRuns: RUNS },
  );
  await isAlive(service);
  expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
});
