import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { emptyFolder } from '../support/process.ts';
import { examples } from '../support/service.ts';
import { CHANGES, changesOf, listen, startWithClock } from './support.ts';

const TWO = { examples: examples(2) };
const UPDATE = `mutation ($description: String!) {
  updateClientCertificate(input: { id: "c000", description: $description }) { __typename }
}`;

test('without the scope to read, nothing is told, and AWS is not asked', async () => {
  const { subscribe, calls } = await startWithClock({
    env: {
      AUTH: 'api-key',
      API_KEYS: apiKeyEntry('writer', 'k').replace(/ .*/, ' client-certificates:write'),
    },
    headers: { 'x-api-key': 'k' },
  });
  const events = await subscribe();
  expect(await events.next()).toMatchObject({
    errors: [{ extensions: { code: 'FORBIDDEN', requestId: expect.any(String) } }],
  });
  expect(await events.next()).toBe(undefined);
  expect(calls).toEqual([]);
});

test('whose key was taken away is told nothing more', async () => {
  const file = join(await emptyFolder(), 'api-keys');
  await writeFile(file, `${apiKeyEntry('portal', 'old')}\n${apiKeyEntry('ci', 'ci')}\n`);
  const checks: (() => void)[] = [];
  const { subscribe, post } = await startWithClock({
    emulator: TWO,
    env: { AUTH: 'api-key', API_KEYS_FILE: file },
    clock: { every: (_, run) => void checks.push(run) },
  });
  const [removed, kept] = [
    await subscribe({}, { 'x-api-key': 'old' }),
    await subscribe({}, { 'x-api-key': 'ci' }),
  ];
  await removed.next();
  await kept.next();
  await writeFile(file, apiKeyEntry('ci', 'ci'));
  for (const check of checks) check();
  await post({ query: UPDATE, variables: { description: 'secret' } }, { 'x-api-key': 'ci' });
  const last = await removed.next();
  expect(last).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(JSON.stringify(last)).not.toContain('secret');
  expect(await removed.next()).toBe(undefined);
  expect(changesOf(await kept.next())).toEqual(['CHANGED c000']);
});

test.for([
  ['application/json', 406],
  ['application/graphql-response+json, text/event-stream;q=0', 406],
  ['multipart/mixed', 406],
] as const)('who accepts %s alone is refused, and AWS is not asked', async ([accept, status]) => {
  const { post, calls } = await startWithClock();
  const response = await post({ query: CHANGES }, { accept });
  expect(response.status).toBe(status);
  expect(await response.text()).toContain('accept: expected text/event-stream for a subscription');
  expect(calls).toEqual([]);
});

test.for([
  '*/*',
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
])('who accepts %s gets an event stream', async (accept) => {
  const { subscribe } = await startWithClock();
  const events = await subscribe({}, { accept });
  expect(events.response.headers.get('content-type')).toBe('text/event-stream');
  expect(changesOf(await events.next())).toEqual([]);
});

test('a browser can subscribe by its EventSource, and HEAD is refused', async () => {
  const { server } = await startWithClock();
  const url = `http://localhost/graphql?query=${encodeURIComponent(CHANGES)}`;
  const headers = { accept: 'text/event-stream' };
  expect(changesOf(await listen(await server.fetch(url, { headers })).next())).toEqual([]);
  const head = await server.fetch(url, { method: 'HEAD', headers });
  expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET, POST']);
  expect(server.changes.count()).toBe(1);
});

test('no more listen than the settings allow, and half of them of one client', async () => {
  const { subscribe } = await startWithClock({
    env: {
      AUTH: 'api-key',
      API_KEYS: [apiKeyEntry('a', 'a'), apiKeyEntry('b', 'b'), apiKeyEntry('c', 'c')].join(),
      MAX_SUBSCRIPTIONS: '4',
    },
  });
  const opened: Awaited<ReturnType<typeof subscribe>>[] = [];
  const outcome = async (key: string) => {
    const events = await subscribe({}, { 'x-api-key': key });
    opened.push(events);
    return (await events.next())?.errors?.[0]?.extensions['code'] ?? 'told';
  };
  expect([await outcome('a'), await outcome('a'), await outcome('a')]).toEqual([
    'told',
    'told',
    'OVERLOADED',
  ]);
  expect([await outcome('b'), await outcome('b'), await outcome('c')]).toEqual([
    'told',
    'told',
    'OVERLOADED',
  ]);
  await opened[0]?.leave();
  expect(await outcome('c')).toBe('told');
});

test('a filter that is wrong is refused with every complaint', async () => {
  const { subscribe, server } = await startWithClock();
  const events = await subscribe({ filter: { regions: ['nowhere'], status: [] } });
  expect(await events.next()).toMatchObject({
    errors: [
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          issues: [{ path: ['filter', 'regions', '0'] }, { path: ['filter', 'status'] }],
        },
      },
    ],
  });
  expect(server.changes.count()).toBe(0);
});

test('the limits of operations hold, for 100 changes in an event', async () => {
  const { subscribe, calls } = await startWithClock({ env: { MAX_COST: '300' } });
  const events = await subscribe();
  expect(await events.next()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }] });
  expect(calls).toEqual([]);
});

test('the log, the metrics and the gauge know a subscription', async () => {
  const { subscribe, operations, log, metrics } = await startWithClock();
  const gauge = async () => /^certway_subscriptions (\d+)$/m.exec(await metrics.text())?.[1];
  const events = await subscribe();
  await events.next();
  expect(operations).toMatchObject([
    { operation: 'Changes', document: expect.any(String), viewer: 'anonymous' },
  ]);
  expect(await metrics.text()).toContain(
    'certway_graphql_operation_duration_seconds_count{operation="other",outcome="ok"} 1',
  );
  expect(await gauge()).toBe('1');
  await events.leave();
  expect(await gauge()).toBe('0');
  expect(log).toMatchObject([{ msg: 'subscription ended', operation: 'Changes', viewer: 'anonymous' }]);
});

test('a service that is closed ends its subscriptions, and those that come', async () => {
  const { subscribe, server } = await startWithClock();
  const events = await subscribe();
  await events.next();
  server.close();
  expect(await events.next()).toBe(undefined);
  expect(await (await subscribe()).next()).toBe(undefined);
});

test('who leaves before the first event is read listens no more', async () => {
  const { post, log } = await startWithClock();
  const response = await post({ query: CHANGES }, { accept: 'text/event-stream' });
  await response.body?.cancel();
  expect(log).toContainEqual(expect.objectContaining({ msg: 'subscription ended' }));
});

test.for([
  'subscription { clientCertificatesChanged @skip(if: true) { __typename } }',
  'subscription { ... @include(if: false) { clientCertificatesChanged { __typename } } }',
  'subscription { ...F } fragment F on Subscription { clientCertificatesChanged @include(if: true) { __typename } }',
])('the field of a subscription has no condition: %s', async (query) => {
  const { post, log } = await startWithClock();
  const events = listen(await post({ query }, { accept: 'text/event-stream' }));
  expect(await events.next()).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
  expect(await events.next()).toBe(undefined);
  expect(log).toEqual([]);
});
