import { crawlUntilTheEnd, createCrawlClock } from '../support/stages.ts';
import { type EverywhereOptions, type FaultIn, PLACES, type Place, startEverywhere } from './support.ts';

/** A call of a crawl: when, where, and about which API. */
export type CrawlCall = { place: Place; operation: string; atMs: number };

/** The service over four places while it reads the stages of all of them, as fast as the clock of the test allows. */
export async function startCrawlingEverywhere({
  env = {},
  ...options
}: Omit<EverywhereOptions, 'clock'> = {}) {
  const { pass, ...clock } = createCrawlClock(PLACES.length);
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
  crawlUntilTheEnd(service.server);
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
