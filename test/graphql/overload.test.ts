import { expect, test } from 'vitest';
import type { Scope } from '../../src/auth/viewer.ts';
import { createParallelReads } from '../../src/aws/parallel-reads.ts';
import { createContexts } from '../../src/graphql/contexts.ts';
import { systemClock } from '../../src/time/clock.ts';
import { examples, startService } from '../support/service.ts';

const OVERLOADED = {
  message: 'The service has too much to do. Too many others wait. Nothing of the operation was done.',
  extensions: { code: 'OVERLOADED', requestId: expect.any(String) },
};

test.for(['application/json', 'application/graphql-response+json', 'text/event-stream'])(
  'if more operations arrive than may wait, some are refused at once and told to try again, in %s',
  async (accept) => {
    const { log, operations, post } = await startService({
      elapsedMs: () => performance.now(),
      env: { REQUEST_TIMEOUT_MS: '600000' }, // long enough for a busy machine
    });
    const bodies = Array.from({ length: 500 }, (_, i) => ({ query: `query Q${i} { __typename }` }));
    const responses = await Promise.all(bodies.map((body) => post(body, { accept })));
    const refused = responses.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(200); // 300 operations of one client may wait
    for (const response of refused) {
      expect(response.headers.get('retry-after')).toBe('1');
      const text = await response.text();
      const json = accept === 'text/event-stream' ? /data: (\{.*\})/.exec(text)?.[1] : text;
      expect(JSON.parse(json ?? '')).toEqual({ errors: [OVERLOADED] });
    }
    for (const response of responses.filter((response) => !refused.includes(response))) {
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('{"data":{"__typename":"Query"}}');
    }
    expect(operations.filter(({ errors }) => String(errors) === 'OVERLOADED')).toHaveLength(refused.length);
    expect(log).toEqual([]);
  },
);

/** What an operation shares whose request arrived then, and whose client stays. */
function operationOf(
  { server, config }: Pick<Awaited<ReturnType<typeof startService>>, 'server' | 'config'>,
  scope: Scope,
  startedAtMs: number,
) {
  const { signal } = new AbortController();
  return createContexts({
    ...server,
    config,
    inParallel: createParallelReads(1, systemClock.later),
    inBackground: createParallelReads(1, systemClock.later),
    clock: systemClock,
  }).of({ viewer: { name: 'test', scopes: new Set([scope]) }, gone: () => signal, startedAtMs });
}

test('the time of an operation is counted from the arrival of its request', async () => {
  const { calls, config, server } = await startService();
  const { clientCertificates } = operationOf(
    { server, config },
    'client-certificates:write',
    performance.now() - config.REQUEST_TIMEOUT_MS,
  );
  await expect(clientCertificates.generate({ description: '', tags: [] })).rejects.toMatchObject({
    code: 'UPSTREAM_TIMEOUT',
  });
  expect(calls).toEqual([]);
});

test('the search in cached items ends with the time of the operation', async () => {
  const { config, query, server } = await startService({
    emulator: { examples: examples(501), quota: 501 },
    env: { CACHE_TTL_MS: '60000' },
  });
  await query('{ clientCertificates { totalCount } }');
  const search = async (startedAtMs: number) => {
    const { clientCertificates } = operationOf({ server, config }, 'client-certificates:read', startedAtMs);
    const list = await clientCertificates.list({ filter: { descriptionContains: 'x' } });
    return list.totalCount();
  };
  expect(await search(performance.now())).toBe(0);
  await expect(search(performance.now() - config.REQUEST_TIMEOUT_MS - 1)).rejects.toMatchObject({
    code: 'OVERLOADED',
  });
});
