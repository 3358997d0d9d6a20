import { pino } from 'pino';
import { expect, test } from 'vitest';
import { UpstreamError } from '../../src/errors/errors.ts';
import { crawl } from '../../src/resources/stages/crawler.ts';
import { createPace } from '../../src/resources/stages/pace.ts';
import { restApis, startService } from '../support/service.ts';
import { createCrawlClock } from '../support/stages.ts';

/**
 * Reads the stages of an account whose digits are not known, at one call per second, until it was identified or read `most`
 * times. Returns when that was. The first `throttles` identifications fail at once.
 */
async function crawlUnidentified({ throttles, most }: { throttles: number; most: number }) {
  const { accountRegion, stageIndex, calls } = await startService({
    emulator: { restApis: restApis(1, () => [{ stageName: 'prod' }]) },
  });
  const { pass, ...clock } = createCrawlClock();
  const end = new AbortController();
  const identifiedAt: number[] = [];
  const sentAt: number[] = [];

  function note(times: number[]): void {
    times.push(clock.elapsedMs());
    if (identifiedAt.length + sentAt.length === most) end.abort();
  }

  const ended = crawl({
    index: stageIndex,
    pace: createPace(1),
    accountRegion: {
      ...accountRegion,
      account: 'prod',
      accountId: undefined,
      identify: async () => {
        note(identifiedAt);
        if (identifiedAt.length <= throttles) throw new UpstreamError('THROTTLED', 'too many calls');
        return '111111111111';
      },
    },
    inParallel: async (call) => call(),
    onSent: () => note(sentAt),
    log: pino({ level: 'silent' }),
    isTold: () => false,
    signal: end.signal,
    clock: { ...clock, later: () => () => undefined },
  });
  void pass(60_000);
  await ended;
  return { identifiedAt, sentAt, calls };
}

test('an account that is throttled while it is identified is asked slower and slower', async () => {
  const { identifiedAt, calls } = await crawlUnidentified({ throttles: 6, most: 6 });
  expect(identifiedAt).toEqual([0, 1000, 3000, 7000, 15_000, 31_000]);
  expect(calls).toEqual([]);
});

test('once it is identified, it is read at the pace', async () => {
  const { identifiedAt, sentAt } = await crawlUnidentified({ throttles: 2, most: 6 });
  expect(identifiedAt.slice(0, 3)).toEqual([0, 1000, 3000]);
  expect(sentAt).toEqual([3000, 4000]);
});
