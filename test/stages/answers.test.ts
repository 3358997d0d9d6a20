import { describe, expect, test } from 'vitest';
import { createServiceClock, turns } from '../support/clock.ts';
import { restApis, startService } from '../support/service.ts';
import { until } from '../support/sharing.ts';
import { START, startCrawling } from '../support/stages.ts';

const EMULATOR = {
  examples: [{ id: 'c000', createdDate: START }],
  restApis: restApis(2, (i) => [{ stageName: 'prod', ...(i === 1 && { clientCertificateId: 'c000' }) }]),
};
/** Answers are kept whole, and as long as the test wants. */
const KEPT = { CACHE_TTL_MS: '3600000' };

const STAGES = '{ apiStages { totalCount index { apisRead oldestReadAt } } }';
const USED = '{ clientCertificates(filter: { usage: [IN_USE] }) { totalCount } }';
const USAGE = '{ clientCertificate(id: "c000") { usage } }';
const PLAIN = '{ clientCertificate(id: "c000") { description } }';

describe('an answer that is kept', () => {
  test.each([
    [
      STAGES,
      { apiStages: { totalCount: 1, index: { apisRead: 1, oldestReadAt: '2026-11-28T12:00:02.000Z' } } },
      { apiStages: { totalCount: 2, index: { apisRead: 2, oldestReadAt: '2026-11-28T12:00:02.000Z' } } },
    ],
    [USED, { clientCertificates: { totalCount: 0 } }, { clientCertificates: { totalCount: 1 } }],
    [USAGE, { clientCertificate: { usage: 'UNKNOWN' } }, { clientCertificate: { usage: 'IN_USE' } }],
  ])('%s is not given again once the index has moved on', async (question, before, after) => {
    const { pass, query } = await startCrawling({ emulator: EMULATOR, env: KEPT });
    await pass(2000);
    for (let i = 0; i < 3; i += 1) expect((await query(question)).data).toEqual(before);
    await pass(1000);
    for (let i = 0; i < 3; i += 1) expect((await query(question)).data).toEqual(after);
  });

  test('is given again while the index stays as it is, and whatever the index does if it has no part in it', async () => {
    const { pass, operations, query } = await startCrawling({ emulator: EMULATOR, env: KEPT });
    const isKept = async (question: string) => {
      await query(question);
      return operations.at(-1)?.['awsCalls'] === 0 && operations.at(-1)?.['awsMs'] === 0;
    };
    await pass(10_000);
    for (const question of [STAGES, USED, PLAIN]) for (let i = 0; i < 2; i += 1) await query(question);
    expect([await isKept(STAGES), await isKept(USED), await isKept(PLAIN)]).toEqual([true, true, true]);
    await pass(3_000_000);
    expect(await isKept(PLAIN)).toBe(true);
  });
});

describe('metrics', () => {
  test('tell the APIs, the age of the oldest reading, the calls, and the stages of each certificate', async () => {
    const { pass, metrics, crawlCalls } = await startCrawling({ emulator: EMULATOR });
    const samples = async () =>
      (await metrics.text())
        .split('\n')
        .filter((line) => /^certway_(stage_index|client_certificate_stages)/.test(line));
    expect(await samples()).toEqual([
      'certway_stage_index_apis{region="us-east-1"} 0',
      'certway_stage_index_apis_read{region="us-east-1"} 0',
      'certway_stage_index_complete{region="us-east-1"} 0',
      'certway_stage_index_oldest_read_timestamp_seconds{region="us-east-1"} 0',
      'certway_stage_index_calls_total{region="us-east-1"} 0',
    ]);
    await pass(2000);
    expect(await samples()).toEqual(
      expect.arrayContaining([
        'certway_stage_index_apis{region="us-east-1"} 2',
        'certway_stage_index_apis_read{region="us-east-1"} 1',
        'certway_stage_index_complete{region="us-east-1"} 0',
      ]),
    );
    await pass(8000);
    expect(await samples()).toEqual([
      'certway_stage_index_apis{region="us-east-1"} 2',
      'certway_stage_index_apis_read{region="us-east-1"} 2',
      'certway_stage_index_complete{region="us-east-1"} 1',
      `certway_stage_index_oldest_read_timestamp_seconds{region="us-east-1"} ${START.getTime() / 1000 + 2}`,
      'certway_client_certificate_stages{client_certificate_id="c000",region="us-east-1"} 1',
      `certway_stage_index_calls_total{region="us-east-1"} ${crawlCalls.length}`,
    ]);
    expect(await metrics.text()).toContain(
      'certway_aws_call_duration_seconds_count{operation="GetApis (v2)",outcome="ok"} 1',
    );
  });
});

test('calls that clients wait for go before those in the background', async () => {
  const { elapsedMs, later, pass } = createServiceClock();
  const { server, calls, query } = await startService({
    emulator: { ...EMULATOR, restApis: restApis(20, () => [{ stageName: 'prod' }]) },
    env: { UPSTREAM_CALLS_PER_SECOND: '1', STAGE_READS_PER_SECOND: '10' },
    elapsedMs,
    clock: { later, wait: async (ms) => new Promise<void>((resolve) => void later(resolve, ms)) },
  });
  void server.crawlStages();
  const BURST = 4;
  for (let sent = 1; sent <= BURST; sent += 1) {
    await until(() => expect(calls).toHaveLength(sent));
    await pass(100);
  }
  await until(async () =>
    expect(await server.fetch('http://localhost/metrics').then(async (r) => r.text())).toContain(
      'held_back_total{how="waited"} 1',
    ),
  );
  const answer = query(PLAIN);
  await turns();
  await pass(1000);
  await answer;
  expect(calls[BURST]).toBe('GetClientCertificate');
  await pass(1000);
  await until(() => expect(calls[BURST + 1]).toBe('GetStages'));
});
