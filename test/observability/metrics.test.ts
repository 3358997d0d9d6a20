import { describe, expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { examples, type ServiceOptions, startService } from '../support/service.ts';

const LIST = 'query List { clientCertificates { nodes { id } } }';
const THROTTLED: Fault = {
  kind: 'error',
  error: new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
};
const FAILED: Fault = { kind: 'error', error: new AwsError(500, 'InternalFailure', 'oops') };

/** The samples of one metric, as `labels value`, without those that depend on time. */
const samplesOf = (text: string, metric: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`certway_${metric}{`))
    .map((line) => line.slice(`certway_${metric}`.length));

async function start(options: ServiceOptions = {}) {
  const service = await startService(options);
  const scrape = async () => (await service.server.fetch('http://localhost/metrics')).text();
  return {
    ...service,
    scrape,
    samples: async (metric: string) => samplesOf(await scrape(), metric),
    operations: async () => samplesOf(await scrape(), 'graphql_operation_duration_seconds_count'),
  };
}

describe('operations', () => {
  test('are counted by name and outcome', async () => {
    const { fail, operations, post } = await start({ env: { MAX_ALIASES: '0' } });
    for (const query of [LIST, LIST, '{ __typename }', '{', '{ nothing }']) await post({ query });
    for (let i = 0; i < 2; i++) {
      await post({ query: 'query A { a: __typename }' });
      await post({ query: 'query B { node(id: "?") { id } }' });
      await post({
        query: 'query C($first: Int) { clientCertificates(first: $first) { totalCount } }',
        variables: { first: 'x' },
      });
    }
    fail(() => FAILED);
    await post({ query: LIST });
    expect((await operations()).toSorted()).toEqual([
      '{operation="A",outcome="OPERATION_TOO_LARGE"} 1',
      '{operation="B",outcome="BAD_USER_INPUT"} 1',
      '{operation="C",outcome="BAD_USER_INPUT"} 1',
      '{operation="List",outcome="UPSTREAM_UNAVAILABLE"} 1',
      '{operation="List",outcome="ok"} 1',
      '{operation="anonymous",outcome="GRAPHQL_PARSE_FAILED"} 1',
      '{operation="anonymous",outcome="GRAPHQL_VALIDATION_FAILED"} 1',
      '{operation="anonymous",outcome="ok"} 1',
      '{operation="other",outcome="BAD_USER_INPUT"} 2',
      '{operation="other",outcome="OPERATION_TOO_LARGE"} 1',
      '{operation="other",outcome="ok"} 1',
    ]);
  });

  test('that fail unexpectedly are counted as such', async () => {
    const { operations, post } = await start({
      emulator: { now: () => new Date() },
      now: () => {
        throw new TypeError('secret');
      },
    });
    await post({ query: LIST });
    expect(await operations()).toEqual(['{operation="anonymous",outcome="INTERNAL_SERVER_ERROR"} 1']);
  });

  test('in documents with several are counted by the name of the one that ran', async () => {
    const { operations, post } = await start();
    for (let i = 0; i < 2; i++)
      await post({ query: 'query A { __typename } query B { __typename }', operationName: 'B' });
    expect(await operations()).toEqual([
      '{operation="other",outcome="ok"} 1',
      '{operation="B",outcome="ok"} 1',
    ]);
  });

  test('are counted together beyond 200 names', async () => {
    const { operations, post } = await start();
    for (let i = 0; i < 220; i++)
      for (let times = 0; times < 2; times++) await post({ query: `query Q${i} { __typename }` });
    await post({ query: 'query Q0 { __typename }' });
    const counted = await operations();
    expect(counted).toHaveLength(201);
    expect(counted).toContain('{operation="other",outcome="ok"} 240');
    expect(counted).toContain('{operation="Q0",outcome="ok"} 2');
    expect(counted).toContain('{operation="Q199",outcome="ok"} 1');
  });

  test('are counted by name from the second time on, however many unique names there are', async () => {
    const { operations, post } = await start();
    for (let i = 0; i < 250; i++) await post({ query: `query Once${i} { __typename }` });
    for (let i = 0; i < 3; i++) await post({ query: 'query Honest { __typename }' });
    expect(await operations()).toEqual([
      '{operation="other",outcome="ok"} 251',
      '{operation="Honest",outcome="ok"} 2',
    ]);
  });

  test('keep their name if it is used at least once per hour', async () => {
    let nowMs = 0;
    const metrics = createMetrics({ elapsedMs: () => nowMs });
    const count = (name: string, outcome = 'ok') =>
      metrics.operation({ name, outcome, durationMs: 1, awsUse: undefined });
    const twice = (name: string) => {
      count(name);
      count(name);
    };
    const names = async () =>
      samplesOf(await metrics.text(), 'graphql_operation_duration_seconds_count').map(
        (sample) => /operation="(\w+)"/.exec(sample)?.[1],
      );
    for (let i = 0; i < 300; i++) twice(`Flood${i}`);
    count('Flood0', 'BAD_USER_INPUT');
    nowMs = 30 * 60_000;
    count('Flood199');
    twice('Honest');
    expect(await names()).not.toContain('Honest');
    nowMs = 60 * 60_000;
    twice('Honest');
    twice('Later');
    const known = new Set(await names());
    expect(known).toContain('Honest');
    expect(known).toContain('Later');
    expect(known).toContain('Flood199');
    expect(known).not.toContain('Flood0');
    expect(known.size).toBe(201);
  });

  test('called as those that are counted together are with the others, and are never forgotten', async () => {
    let nowMs = 0;
    const metrics = createMetrics({ elapsedMs: () => nowMs });
    const count = (name: string | undefined) =>
      metrics.operation({ name, outcome: 'ok', durationMs: 1, awsUse: undefined });
    for (const name of ['other', 'other', 'anonymous', 'anonymous', undefined]) count(name);
    nowMs = 2 * 60 * 60_000;
    for (let i = 0; i < 202; i++) for (let times = 0; times < 2; times++) count(`Flood${i}`);
    const counted = samplesOf(await metrics.text(), 'graphql_operation_duration_seconds_count');
    expect(counted).toContain('{operation="anonymous",outcome="ok"} 1');
    expect(counted).toContain(`{operation="other",outcome="ok"} ${4 + 202 + 2}`);
  });

  test('with a long name are counted with the others', async () => {
    const { operations, post, scrape } = await start();
    for (let i = 0; i < 2; i++) {
      await post({ query: `query ${'x'.repeat(101)} { __typename }` });
      await post({ query: `query ${'x'.repeat(100)} { __typename }` });
    }
    expect(await operations()).toEqual([
      '{operation="other",outcome="ok"} 3',
      `{operation="${'x'.repeat(100)}",outcome="ok"} 1`,
    ]);
    expect(await scrape()).not.toContain('x'.repeat(101));
  });

  test('that are refused before they are read are not counted', async () => {
    const { operations, post } = await start();
    await post('x', { 'content-type': 'text/plain' });
    expect(await operations()).toEqual([]);
  });
});

describe('AWS calls', () => {
  test('are counted by operation and outcome, each retry separately', async () => {
    const faults = [THROTTLED, FAILED];
    const { fail, post, samples } = await start();
    fail(() => faults.shift());
    await post({ query: LIST });
    expect((await samples('aws_call_duration_seconds_count')).toSorted()).toEqual([
      '{operation="GetClientCertificates",outcome="THROTTLED"} 1',
      '{operation="GetClientCertificates",outcome="UPSTREAM_UNAVAILABLE"} 1',
      '{operation="GetClientCertificates",outcome="ok"} 1',
    ]);
    expect(await samples('aws_retries_total')).toEqual(['{operation="GetClientCertificates"} 2']);
    expect(await samples('aws_throttles_total')).toEqual(['{operation="GetClientCertificates"} 1']);
  });

  test('that are answered at once are not counted as retries', async () => {
    const { post, samples } = await start();
    await post({ query: LIST });
    await post({
      query: 'mutation { deleteClientCertificate(input: { id: "a", evenIfUsed: true }) { __typename } }',
    });
    expect(await samples('aws_retries_total')).toEqual([]);
    expect(await samples('aws_throttles_total')).toEqual([]);
    expect(await samples('aws_call_duration_seconds_count')).toEqual([
      '{operation="GetClientCertificates",outcome="ok"} 1',
      '{operation="DeleteClientCertificate",outcome="NOT_FOUND"} 1',
    ]);
  });
});

test('a scrape costs no AWS call, and is text for Prometheus', async () => {
  const { calls, server } = await start({ emulator: { examples: examples(3) } });
  for (let i = 0; i < 3; i++) {
    const response = await server.fetch('http://localhost/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const line of (await response.text()).split('\n').filter(Boolean))
      expect(line).toMatch(/^(# (HELP|TYPE) certway_\w+ .+|certway_\w+(\{.*\})? [\d.e+-]+)$/);
  }
  expect(calls).toEqual([]);
});

test('each service counts separately', async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  one.operation({ name: undefined, outcome: 'ok', durationMs: 1, awsUse: undefined });
  expect(await one.text()).toContain('operation="anonymous"');
  expect(await other.text()).not.toContain('operation="anonymous"');
});
