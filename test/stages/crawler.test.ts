import { CreateStageCommand, DeleteRestApiCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { CreateApiCommand, DeleteApiCommand } from '@aws-sdk/client-apigatewayv2';
import { describe, expect, test } from 'vitest';
import { examples, restApis } from '../support/service.ts';
import { denied, failed, throttled } from '../support/sharing.ts';
import { START, startCrawling } from '../support/stages.ts';

const MINUTE = 60_000;
const at = (ms: number) => new Date(START.getTime() + ms).toISOString();

/** Three REST APIs with one stage each, of which the first has a certificate, and a WebSocket API that has it, too. */
const SMALL = {
  examples: examples(3),
  restApis: restApis(3, (i) => [{ stageName: 'prod', ...(i === 0 && { clientCertificateId: 'c000' }) }]),
  apis: [
    { apiId: 'w000', stages: [{ stageName: 'live', clientCertificateId: 'c001' }] },
    { apiId: 'h000', protocolType: 'HTTP' as const, stages: [{ stageName: '$default' }] },
  ],
};

describe('the first round', () => {
  test('takes one call a list and one an API, at the pace, and none for an HTTP API', async () => {
    const { pass, crawlCalls, index } = await startCrawling({ emulator: SMALL });
    await pass(4999);
    expect(await index()).toEqual({ apis: 4, apisRead: 3, complete: false, oldestReadAt: at(2000) });
    await pass(1);
    expect(crawlCalls).toEqual([
      { operation: 'GetRestApis', apiId: undefined, atMs: 0 },
      { operation: 'GetApis (v2)', apiId: undefined, atMs: 1000 },
      { operation: 'GetStages', apiId: 'r000', atMs: 2000 },
      { operation: 'GetStages', apiId: 'r001', atMs: 3000 },
      { operation: 'GetStages', apiId: 'r002', atMs: 4000 },
      { operation: 'GetStages (v2)', apiId: 'w000', atMs: 5000 },
    ]);
    expect(await index()).toEqual({ apis: 4, apisRead: 4, complete: true, oldestReadAt: at(2000) });
  });

  test('of 600 APIs is 603 calls; from the first second on the answers say that they are not complete', async () => {
    const { pass, crawlCalls, index, usages } = await startCrawling({
      emulator: {
        examples: examples(3),
        restApis: restApis(600, (i) => [
          { stageName: 'prod', ...(i === 9 && { clientCertificateId: 'c000' }) },
          { stageName: 'test', ...(i === 599 && { clientCertificateId: 'c001' }) },
        ]),
      },
    });
    expect(await index()).toEqual({ apis: 0, apisRead: 0, complete: false, oldestReadAt: null });
    expect(await usages()).toEqual({ c000: 'UNKNOWN', c001: 'UNKNOWN', c002: 'UNKNOWN' });
    await pass(20_000);
    expect(await index()).toMatchObject({ apis: 600, complete: false });
    expect(await usages()).toEqual({ c000: 'IN_USE', c001: 'UNKNOWN', c002: 'UNKNOWN' });
    await pass(602_000 - 20_000 + 1);
    expect(await index()).toMatchObject({ apis: 600, apisRead: 600, complete: true });
    expect(await usages()).toEqual({ c000: 'IN_USE', c001: 'IN_USE', c002: 'UNUSED' });
    expect(crawlCalls).toHaveLength(Math.ceil(600 / 500) + 600 + 1);
    expect(new Set(crawlCalls.map(({ apiId }) => apiId)).size).toBe(601);
  }, 120_000);

  test.each([2, 5, 10])('at %d calls per second is never faster than that', async (perSecond) => {
    const { pass, crawlCalls } = await startCrawling({
      emulator: { restApis: restApis(30, () => [{ stageName: 'prod' }]) },
      env: { STAGE_READS_PER_SECOND: `${perSecond}` },
    });
    await pass(30_000);
    const gaps = crawlCalls.slice(1).map(({ atMs }, i) => atMs - (crawlCalls[i]?.atMs ?? 0));
    expect(crawlCalls.length).toBeGreaterThanOrEqual(32);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000 / perSecond);
  });

  test('does not begin with a rate of 0: then nothing is called, and every usage is unknown', async () => {
    const { crawlCalls, ended, index, usages } = await startCrawling({
      emulator: SMALL,
      env: { STAGE_READS_PER_SECOND: '0' },
    });
    await ended;
    expect(await index()).toEqual({ apis: 0, apisRead: 0, complete: false, oldestReadAt: null });
    expect(new Set(Object.values(await usages()))).toEqual(new Set(['UNKNOWN']));
    expect(crawlCalls).toEqual([]);
  });
});

describe('after that', () => {
  test('APIs with a certificate and the lists are read every minute, the others every four', async () => {
    const { pass, crawlCalls } = await startCrawling({ emulator: SMALL });
    await pass(10 * MINUTE - 1);
    const times = (operation: string, apiId?: string) =>
      crawlCalls.filter((call) => call.operation === operation && call.apiId === apiId).length;
    expect({
      rest: times('GetRestApis'),
      v2: times('GetApis (v2)'),
      r000: times('GetStages', 'r000'),
      r001: times('GetStages', 'r001'),
      w000: times('GetStages (v2)', 'w000'),
    }).toEqual({ rest: 10, v2: 10, r000: 10, r001: 3, w000: 10 });
  });

  test('a stage that changes is seen when its API is read again', async () => {
    const { pass, client, usages } = await startCrawling({ emulator: SMALL });
    await pass(10_000);
    expect(await usages()).toEqual({ c000: 'IN_USE', c001: 'IN_USE', c002: 'UNUSED' });
    await client.send(
      new UpdateStageCommand({
        restApiId: 'r000',
        stageName: 'prod',
        patchOperations: [{ op: 'replace', path: '/clientCertificateId', value: 'c002' }],
      }),
    );
    await pass(2 * MINUTE);
    expect(await usages()).toEqual({ c000: 'UNUSED', c001: 'IN_USE', c002: 'IN_USE' });
  });

  test('a new API is read as soon as a list has it, and one that is deleted is dropped', async () => {
    const { pass, v2Client, client, index, crawlCalls } = await startCrawling({ emulator: SMALL });
    await pass(10_000);
    const { ApiId } = await v2Client.send(
      new CreateApiCommand({ Name: 'new', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$r.b.a' }),
    );
    await client.send(new DeleteRestApiCommand({ restApiId: 'r002' }));
    await v2Client.send(new DeleteApiCommand({ ApiId: 'w000' }));
    expect(await index()).toMatchObject({ apis: 4, complete: true });
    await pass(MINUTE);
    expect(await index()).toMatchObject({ apis: 3, apisRead: 3, complete: true });
    const list = crawlCalls.findLastIndex(({ operation }) => operation === 'GetApis (v2)');
    expect(crawlCalls[list + 1]).toMatchObject({ operation: 'GetStages (v2)', apiId: ApiId });
  });

  test('an API that is deleted between the lists is dropped when its stages are asked for', async () => {
    const { pass, client, index, crawlCalls, log } = await startCrawling({ emulator: SMALL });
    await pass(1001);
    await client.send(new DeleteRestApiCommand({ restApiId: 'r000' }));
    await pass(5000);
    expect(await index()).toMatchObject({ apis: 3, apisRead: 3, complete: true });
    expect(crawlCalls.filter(({ apiId }) => apiId === 'r000')).toHaveLength(1);
    expect(log).toEqual([]);
  });
});

describe('what goes wrong', () => {
  test('with one API hides no other one: the index is incomplete, and the log says why, once', async () => {
    const { pass, fail, index, usages, log } = await startCrawling({ emulator: SMALL });
    fail((_, { restApiId }) => (restApiId === 'r001' ? denied : undefined));
    await pass(20 * MINUTE);
    expect(await index()).toMatchObject({ apis: 4, apisRead: 3, complete: false });
    expect(await usages()).toEqual({ c000: 'IN_USE', c001: 'IN_USE', c002: 'UNKNOWN' });
    expect(log).toMatchObject([
      { level: 'warn', code: 'UPSTREAM_DENIED', msg: 'could not read the stages of the REST API r001' },
    ]);
    fail(() => undefined);
    await pass(5 * MINUTE);
    expect(await index()).toMatchObject({ apisRead: 4, complete: true });
  });

  test('with all WebSocket APIs does not hide the REST APIs', async () => {
    const { pass, fail, index, usages } = await startCrawling({ emulator: SMALL });
    fail((operation) => (operation === 'GetApis (v2)' ? denied : undefined));
    await pass(MINUTE);
    expect(await index()).toMatchObject({ apis: 3, apisRead: 3, complete: false });
    expect(await usages()).toEqual({ c000: 'IN_USE', c001: 'UNKNOWN', c002: 'UNKNOWN' });
  });

  test.each([
    ['fails', failed],
    ['sends what is no list', { kind: 'change' as const, change: () => ({ item: 7, items: 7 }) }],
    ['sends stages without names', { kind: 'change' as const, change: () => ({ item: [{}], items: [{}] }) }],
  ])('while AWS %s, what is known stays', async (_, fault) => {
    const { pass, fail, index, usages } = await startCrawling({ emulator: SMALL });
    await pass(10_000);
    const before = await usages();
    fail((operation) => (operation.includes('ClientCertificate') ? undefined : fault));
    await pass(30 * MINUTE);
    expect(await usages()).toEqual(before);
    expect(await index()).toMatchObject({ apis: 4, apisRead: 4, complete: true, oldestReadAt: at(2000) });
    fail(() => undefined);
    await pass(10 * MINUTE);
    expect(Date.parse((await index()).oldestReadAt)).toBeGreaterThan(START.getTime() + 30 * MINUTE);
  });

  test('at the start is tried again soon', async () => {
    const { pass, fail, index } = await startCrawling({ emulator: SMALL });
    fail(() => failed);
    await pass(5000);
    fail(() => undefined);
    await pass(25_000);
    expect(await index()).toMatchObject({ apis: 4, complete: true });
  });

  test('that throttles makes it slower and slower, and the same is asked for again', async () => {
    const { pass, fail, crawlCalls, index, log } = await startCrawling({ emulator: SMALL });
    fail(() => throttled);
    await pass(200_000);
    const seconds = crawlCalls.map(({ atMs }) => atMs / 1000);
    expect(seconds).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    expect(new Set(crawlCalls.map(({ operation }) => operation))).toEqual(new Set(['GetRestApis']));
    fail(() => undefined);
    await pass(MINUTE);
    expect(await index()).toMatchObject({ complete: true });
    expect(log).toEqual([]);
  });

  test('a throttle of a call that a client waits for makes it pause, too', async () => {
    const { pass, fail, crawlCalls, query } = await startCrawling({ emulator: SMALL });
    await pass(1500);
    fail((operation) => (operation === 'GetClientCertificate' ? throttled : undefined));
    await query('{ clientCertificate(id: "c000") { id } }');
    fail(() => undefined);
    await pass(1500);
    expect(crawlCalls.map(({ atMs }) => atMs)).toEqual([0, 1000, 2500]);
  });
});

test('what else a stage has is not kept: neither in the index nor in an answer', async () => {
  const { pass, client, stageIndex, query } = await startCrawling({
    emulator: {
      restApis: restApis(1, () => [
        { stageName: 'prod', variables: { password: 'hush' }, description: 'hush' },
      ]),
    },
  });
  await client.send(
    new CreateStageCommand({
      restApiId: 'r000',
      stageName: 'test',
      deploymentId: 'r000deployment',
      variables: { password: 'hush' },
      tags: { secret: 'hush' },
    }),
  );
  await pass(10_000);
  const { data } = await query('{ apiStages { nodes { name } } }');
  expect(data.apiStages.nodes).toEqual([{ name: 'prod' }, { name: 'test' }]);
  expect(JSON.stringify(stageIndex.snapshot())).not.toContain('hush');
});
