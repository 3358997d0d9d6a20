import { expect, test } from 'vitest';
import type { Exchange } from '../../src/exchange.ts';
import { createResponseCache } from '../../src/http/response-cache.ts';
import { lookup, startSharing } from '../support/sharing.ts';

const USE = {
  calls: 1,
  joined: 0,
  reused: 0,
  durationMs: 0,
  stamps: new Map([['list', { collection: 'list', epoch: 1, readAtMs: 0 }]]),
  staleMs: 0,
};

/** Counts how often a request with a response of this size is executed, which takes until `held` is over. */
function start({ isFresh = (): boolean => true, held = Promise.resolve() } = {}) {
  const answers = createResponseCache({ isFresh, now: () => new Date(0) });
  let executed = 0;
  const ask = async (question: string, size: number) => {
    const exchange: Exchange = {
      request: {
        method: 'POST',
        url: '/graphql',
        header: () => undefined,
        headers: () => ({}),
        body: async () => Buffer.from(question),
        gone: () => new AbortController().signal,
        hasLeft: () => false,
        address: undefined,
        certificate: () => undefined,
        hosts: [],
        needsHost: false,
        onClose: () => undefined,
        cutOff: () => undefined,
      },
      path: '/graphql',
      search: '',
      accepted: { mediaType: 'application/json', prefersPage: false, acceptsEvents: false },
      startedAtMs: 0,
      requestId: 'x',
    };
    await answers.answer(exchange, question, async () => {
      executed += 1;
      await held;
      exchange.operation = {
        name: undefined,
        type: 'query',
        document: undefined,
        cost: 0,
        errors: [],
        awsUse: USE,
        trueFromMs: 0,
        trueUntilMs: 1,
      };
      return { status: 200, headers: {}, body: 'x'.repeat(size) };
    });
  };
  return {
    ask,
    executed: () => executed,
    executions: async (question: string, size: number) => {
      executed = 0;
      await ask(question, size);
      return executed;
    },
  };
}

test.for([
  ['large responses', 500_000, 100, (i: number) => `${i}`],
  ['small responses', 10, 100_000, (i: number) => `${i}`],
  ['long requests', 10, 200, (i: number) => `${i}${'y'.repeat(200_000)}`],
] as const)('of many %s, the latest ones are cached', async ([, size, count, questionOf]) => {
  const { executions } = start();
  for (let i = 0; i < count; i += 1) for (const _ of ['once', 'again']) await executions(questionOf(i), size);
  expect(await executions(questionOf(count - 1), size)).toBe(0);
  expect(await executions(questionOf(Math.floor(count / 2)), size)).toBe(1);
  expect(await executions(questionOf(0), size)).toBe(1);
});

test('a response is cached once its request is repeated', async () => {
  const { executions } = start();
  expect(await executions('a', 10)).toBe(1);
  expect(await executions('a', 10)).toBe(1);
  expect(await executions('a', 10)).toBe(0);
});

test('nobody waits for a response that cannot be given again', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  let isFresh = true;
  const { ask, executed } = start({ isFresh: () => isFresh, held });
  const asking = [ask('a', 10), ask('a', 10), ask('a', 10)];
  release();
  await Promise.all(asking);
  isFresh = false;
  await ask('a', 10); // one that was kept has expired, and the next cannot be given again
  const before = executed();
  const next = [ask('a', 10), ask('a', 10), ask('a', 10)];
  expect(executed() - before).toBe(3);
  await Promise.all(next);
});

test('a very large response is not cached', async () => {
  const { executions } = start();
  for (const _ of ['once', 'again']) {
    await executions('small', 10);
    await executions('large', 1_100_000);
  }
  expect(await executions('large', 1_100_000)).toBe(1);
  expect(await executions('small', 10)).toBe(0);
});

test('when a response has expired, concurrent requests wait for a single execution', async () => {
  const { post, calls, pass, hold, arrived, operations } = await startSharing({
    env: { EXPOSE_COST: 'false' },
  });
  const question = { query: lookup('c001') };
  await post(question);
  pass(1000);
  const release = hold();
  const asking = Array.from({ length: 20 }, async () => (await post(question)).text());
  await arrived(2);
  release();
  expect(new Set(await Promise.all(asking)).size).toBe(1);
  expect(calls).toHaveLength(2);
  expect(operations.filter(({ awsCalls }) => awsCalls === 1)).toHaveLength(2);
});
