import { beforeAll, expect, test } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { startRedis } from '../replicas/redis-server.ts';
import { post, serve } from '../support/process.ts';
import { type Answer, examples } from '../support/service.ts';
import { until } from '../support/sharing.ts';
import { buildEarlierRelease } from './earlier-release.ts';
import { startNginx } from './nginx.ts';

let earlier = '';
beforeAll(async () => {
  earlier = await buildEarlierRelease();
}, 120_000);

const COUNT = 25;

/**
 * Both releases on one emulator and one Redis, and nginx, which asks them by turns. It has no health checks, so what meets a closed
 * port is asked again.
 */
async function startBoth(env: Record<string, string> = {}) {
  const redis = await startRedis();
  const calls: string[] = [];
  const { url: endpoint } = await emulate({
    examples: examples(COUNT),
    quota: 1000,
    requestsPerSecond: 0,
    fault: (operation) => {
      calls.push(operation);
      return undefined;
    },
  });
  const settings = {
    UPSTREAM: 'aws',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_API_GATEWAY: endpoint,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    REDIS_URL: redis.url,
    STAGE_READS_PER_SECOND: '0',
    CACHE_TTL_MS: '60000',
    CACHE_STALE_MS: '60000',
    ...env,
  };
  const both = await Promise.all([serve(settings, [], earlier), serve(settings)]);
  const servers = both.map(({ url }) => `server ${new URL(url).host};`).join(' ');
  const balancer = await startNginx(
    `upstream certway { ${servers} } server { listen PORT; location / {
      proxy_pass http://certway;
      proxy_set_header Host $host;
      proxy_next_upstream error timeout non_idempotent;
    } }`,
  );
  const [before, now] = both;
  return {
    before,
    now,
    calls,
    balanced: async (query: string): Promise<Answer> => (await post(`${balancer}/graphql`, query)).json(),
    /** What is wrong, by the logs of both. On a busy machine, Redis is too late now and then, and each works alone. */
    warnings: () =>
      both.flatMap((one) =>
        one
          .logged()
          .filter(
            (line) => /"level":"(warn|error|fatal)"/.test(line) && !line.includes('Redis does not answer'),
          ),
      ),
  };
}

const page = (after: string | null, more = '') =>
  `{ clientCertificates(first: 2, after: ${JSON.stringify(after)}${more}) {
    nodes { id clientCertificateId } pageInfo { endCursor hasNextPage } } }`;

test.each([
  ['in the order of AWS', ''],
  ['in another order', ', orderBy: { field: EXPIRATION_DATE, direction: DESC }'],
  ['with a filter', ', filter: { status: [VALID, EXPIRING, EXPIRED] }'],
])('a walk whose pages are of both releases has everything once: %s', async (_, more) => {
  const { balanced, warnings } = await startBoth();
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let hasNextPage = true; hasNextPage; ) {
    const { data, errors } = await balanced(page(cursor, more));
    expect(errors).toBeUndefined();
    seen.push(
      ...data.clientCertificates.nodes.map(
        (node: { clientCertificateId: string }) => node.clientCertificateId,
      ),
    );
    ({ endCursor: cursor, hasNextPage } = data.clientCertificates.pageInfo);
  }
  expect(seen.toSorted()).toEqual(examples(COUNT).map(({ id }) => id));
  expect(warnings()).toEqual([]);
});

test('global ids of each release are those of the other', async () => {
  const { before, now } = await startBoth();
  const ids = async (of: typeof now) =>
    (await of.query(page(null))).data.clientCertificates.nodes.map(({ id }: { id: string }) => id);
  expect(await ids(before)).toEqual(await ids(now));
  for (const [from, to] of [
    [before, now],
    [now, before],
  ] as const)
    for (const id of await ids(from))
      expect((await to.query(`{ node(id: ${JSON.stringify(id)}) { id } }`)).data).toEqual({ node: { id } });
});

test('a change through one release is seen by the next request to the other', async () => {
  const { before, now, warnings } = await startBoth();
  const count = async (of: typeof now) =>
    (await of.query('{ clientCertificates { totalCount } }')).data.clientCertificates.totalCount;
  const generate = 'mutation { generateClientCertificate(input: {}) { __typename } }';
  let expected = COUNT;
  expect([await count(before), await count(now)]).toEqual([expected, expected]);
  for (const writer of [before, now, before, now])
    await until(async () => {
      const { errors } = await writer.query(generate);
      expect(errors).toBeUndefined();
      expected += 1;
      expect([await count(now), await count(before)]).toEqual([expected, expected]);
    });
  expect(warnings()).toEqual([]);
});

test('what one release has read of AWS, the other does not read again', async () => {
  const { before, now, calls } = await startBoth();
  let first = 0;
  for (const [reader, other] of [
    [before, now],
    [now, before],
  ] as const)
    await until(async () => {
      first += 1; // a page of another size is another question
      const list = `{ clientCertificates(first: ${first}) { nodes { id } } }`;
      await reader.query(list);
      calls.length = 0;
      await other.query(list);
      expect(calls).toEqual([]);
    });
});

test('while one release takes over from the other, no request fails', async () => {
  const { before, now, balanced } = await startBoth({ DRAIN_DELAY_MS: '200' });
  let isOver = false;
  const asking = Array.from({ length: 4 }, async () => {
    const failures: unknown[] = [];
    for (let asked = 0; !isOver || asked < 20; asked += 1) {
      const { errors } = await balanced('{ clientCertificates(first: 3) { nodes { id } } }');
      if (errors) failures.push(errors);
    }
    return failures;
  });
  expect(await before.stop()).toMatchObject({ code: 0 });
  isOver = true;
  expect((await Promise.all(asking)).flat()).toEqual([]);
  expect((await now.query('{ __typename }')).data).toEqual({ __typename: 'Query' });
});
