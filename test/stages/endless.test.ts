import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { crawl } from '../../src/resources/stages/crawler.ts';
import { createPace } from '../../src/resources/stages/pace.ts';
import { createServiceClock } from '../support/clock.ts';
import { CREDENTIALS, restApis, startService } from '../support/service.ts';
import { until } from '../support/sharing.ts';
import { createCrawlClock } from '../support/stages.ts';

type Read = Pick<Awaited<ReturnType<typeof startService>>, 'accountRegion' | 'stageIndex'>;

/** Reads the stages at one call per second. `tooLate` ends the time of the call that is under way, of which `asking` waits for one. */
function startReading({ accountRegion, stageIndex }: Read) {
  const { pass, ...clock } = createCrawlClock();
  const { later, timers, pass: passForCalls } = createServiceClock();
  const log: unknown[] = [];
  const end = new AbortController();
  const ended = crawl({
    index: stageIndex,
    pace: createPace(1),
    accountRegion,
    inParallel: async (call) => call(),
    onSent: () => undefined,
    log: pino({}, { write: (line) => log.push(JSON.parse(line)) }),
    isTold: () => false,
    signal: end.signal,
    clock: { ...clock, later },
  });
  onTestFinished(async () => {
    end.abort();
    await ended;
  });
  return {
    pass,
    log,
    asking: async () => until(() => expect(timers()).toHaveLength(1)),
    tooLate: async () => passForCalls(60_000),
    index: () => stageIndex.snapshot().index,
  };
}

/** A service whose credentials come with the promise. */
async function startWith(credentials: Promise<typeof CREDENTIALS>) {
  const service = await startService({
    emulator: { restApis: restApis(1, () => [{ stageName: 'prod' }]) },
  });
  const { client, v2 } = service.accountRegion;
  for (const { config } of [client, await v2()]) config.credentials = async () => credentials;
  return service;
}

test('an answer that never ends is given up after a minute, and the others are read', async () => {
  const { fail, calls, ...service } = await startService({
    emulator: { restApis: restApis(2, () => [{ stageName: 'prod' }]) },
    env: { UPSTREAM_REQUEST_TIMEOUT_MS: '600000' }, // as if some of it came from time to time
  });
  fail((operation, { restApiId }) =>
    operation === 'GetStages' && restApiId === 'r000' ? { kind: 'stall' } : undefined,
  );
  const { pass, log, tooLate, index } = startReading(service);
  const passed = pass(10_000);
  await until(() => expect(calls).toContain('GetStages'));
  await tooLate();
  await passed;
  expect(index()).toMatchObject({ apis: 2, apisRead: 1, complete: false });
  expect(log).toMatchObject([
    {
      code: 'UPSTREAM_TIMEOUT',
      reason: 'AWS did not answer in time.',
      msg: 'could not read the stages of the REST API r000',
    },
  ]);
  fail(() => undefined);
  await pass(20_000);
  expect(index()).toMatchObject({ apisRead: 2, complete: true });
});

test('credentials that do not come are given up after a minute, which the log says, and used once they come', async () => {
  const { promise: credentials, resolve } = Promise.withResolvers<typeof CREDENTIALS>();
  const { pass, log, asking, tooLate, index } = startReading(await startWith(credentials));
  const passed = pass(1500);
  for (let i = 0; i < 2; i += 1) {
    await asking();
    await tooLate();
  }
  await passed;
  expect(log).toMatchObject([
    { code: 'UPSTREAM_TIMEOUT', msg: 'could not read the REST APIs' },
    { code: 'UPSTREAM_TIMEOUT', msg: 'could not read the WEBSOCKET APIs' },
  ]);
  resolve(CREDENTIALS);
  await pass(60_000);
  expect(index()).toMatchObject({ apis: 1, complete: true });
});

test('the end of the service ends what waits for credentials', async () => {
  const { pass, asking, log } = startReading(await startWith(new Promise(() => undefined)));
  void pass(1500);
  await asking();
  expect(log).toEqual([]);
});
