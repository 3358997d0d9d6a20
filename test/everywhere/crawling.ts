import { onTestFinished } from 'vitest';
import { START } from '../support/stages.ts';
import { type EverywhereOptions, type FaultIn, PLACES, type Place, startEverywhere } from './support.ts';

type Waiter = { atMs: number; resolve: () => void };

/**
 * A clock for so many crawls at the same time. It goes on when all of them wait, to the moment that one of them waits for, as far as
 * `pass` allows.
 */
function createCrawlsClock(count: number) {
  let nowMs = 0;
  let untilMs = 0;
  let idle = Promise.withResolvers<void>();
  const waiting = new Set<Waiter>();

  function goOn(): void {
    if (waiting.size < count) return;
    const [next] = [...waiting].sort((a, b) => a.atMs - b.atMs);
    if (!next || next.atMs > untilMs) {
      nowMs = untilMs;
      idle.resolve();
      return;
    }
    nowMs = Math.max(nowMs, next.atMs);
    waiting.delete(next);
    next.resolve();
  }

  return {
    elapsedMs: () => nowMs,
    now: () => new Date(START.getTime() + nowMs),
    wait: async (ms: number, signal?: AbortSignal): Promise<void> => {
      if (!signal) return; // nobody who crawls
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.add({ atMs: nowMs + ms, resolve });
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      goOn();
      await promise;
    },
    pass: async (ms: number): Promise<void> => {
      idle = Promise.withResolvers();
      untilMs += ms;
      goOn();
      await idle.promise;
    },
  };
}

/** A call of a crawl: when, where, and about which API. */
export type CrawlCall = { place: Place; operation: string; atMs: number };

/** The service over four places while it reads the stages of all of them, as fast as the clock of the test allows. */
export async function startCrawlingEverywhere({
  env = {},
  ...options
}: Omit<EverywhereOptions, 'clock'> = {}) {
  const { pass, ...clock } = createCrawlsClock(PLACES.length);
  const service = await startEverywhere({
    ...options,
    env: { STAGE_READS_PER_SECOND: '1', ...env },
    clock,
  });
  const crawlCalls: CrawlCall[] = [];
  let faultIn: FaultIn = () => undefined;
  service.failIn((place, operation) => {
    if (/^Get(Apis|RestApis|Stages)/.test(operation))
      crawlCalls.push({ place, operation, atMs: clock.elapsedMs() });
    return faultIn(place, operation);
  });
  const ended = service.server.crawlStages();
  onTestFinished(async () => {
    service.server.close();
    await ended;
  });
  return {
    ...service,
    pass,
    crawlCalls,
    /** When calls were made in the place. */
    timesIn: (place: Place): number[] =>
      crawlCalls.filter((call) => call.place === place).map(({ atMs }) => atMs),
    failIn: (next: FaultIn) => {
      faultIn = next;
    },
  };
}
