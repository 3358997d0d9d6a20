import { pino } from 'pino';
import { expect, test } from 'vitest';
import { UpstreamError } from '../../src/errors/errors.ts';
import { createKeys } from '../../src/replicas/keys.ts';
import { createReplicaTurns } from '../../src/resources/replica-turns.ts';
import { crawl } from '../../src/resources/stages/crawler.ts';
import { createPace } from '../../src/resources/stages/pace.ts';
import { restApis, startService } from '../support/service.ts';
import { createCrawlClock } from '../support/stages.ts';

type Options = { throttles: number; most: number; isReplica?: boolean };

/**
 * Reads the stages of an account whose digits are not known, at one call per second, until it was identified or read `most`
 * times. Returns when that was. The first `throttles` identifications fail at once. As a replica, it always has its turn.
 */
async function crawlUnidentified({ throttles, most, isReplica = false }: Options) {
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

  const unidentified = {
    ...accountRegion,
    account: 'prod',
    accountId: undefined,
    identify: async () => {
      note(identifiedAt);
      if (identifiedAt.length <= throttles) throw new UpstreamError('THROTTLED', 'too many calls');
      return '111111111111';
    },
  };
  const { crawl: turn } = createReplicaTurns({
    accountRegion: unidentified,
    replicas: {
      leases: {
        hold: async () => true,
        release: async () => undefined,
        inTurn: async (_key, _limits, run) => run(),
      },
      keys: createKeys('test'),
    },
    stageIndex: { catchUp: async () => true },
  });
  const ended = crawl({
    index: stageIndex,
    pace: createPace(1),
    turn: isReplica ? turn : undefined,
    accountRegion: unidentified,
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

test('a replica whose turn it is asks no oftener, although it keeps its turn meanwhile', async () => {
  const { identifiedAt } = await crawlUnidentified({ throttles: 12, most: 12, isReplica: true });
  expect([...new Set(identifiedAt)]).toEqual([0, 1000, 3000, 7000, 15_000, 31_000]);
});

test('once it is identified, it is read at the pace', async () => {
  const { identifiedAt, sentAt } = await crawlUnidentified({ throttles: 2, most: 6 });
  expect(identifiedAt.slice(0, 3)).toEqual([0, 1000, 3000]);
  expect(sentAt).toEqual([3000, 4000]);
});
