import { pino } from 'pino';
import { expect, test } from 'vitest';
import { crawl } from '../../src/resources/stages/crawler.ts';
import { createPace } from '../../src/resources/stages/pace.ts';
import { restApis, startService } from '../support/service.ts';
import { createCrawlClock } from '../support/stages.ts';

test('a replica that has lost its turn in a pause reads no further, and begins anew when it has it again', async () => {
  const { accountRegion, stageIndex } = await startService({
    emulator: { restApis: restApis(501, () => []) }, // two pages
  });
  const { pass, ...clock } = createCrawlClock();
  const end = new AbortController();
  const sentAt: number[] = [];
  let isTurn = true;
  const ended = crawl({
    index: stageIndex,
    pace: createPace(0.1),
    accountRegion,
    turn: { everyMs: 5000, take: async () => isTurn, keep: async () => isTurn },
    inParallel: async (call) => call(),
    onSent: () => {
      sentAt.push(clock.elapsedMs());
      isTurn = sentAt.length > 1;
    },
    log: pino({ level: 'silent' }),
    isTold: () => false,
    signal: end.signal,
    clock: { ...clock, later: () => () => undefined },
  });
  await pass(60_000);
  expect(sentAt).toEqual([0]);
  expect(stageIndex.snapshot().index.apis).toBe(0);
  isTurn = true;
  await pass(20_000);
  expect(sentAt).toEqual([0, 65_000, 75_000]);
  expect(stageIndex.snapshot().index.apis).toBe(501);
  end.abort();
  await ended;
});
