import type { Demand } from './demand.ts';
import { type GatheredRead, gather } from './gather.ts';
import type { SeenPages } from './seen-pages.ts';
import type { Waiter } from './waiter.ts';

export type ChooseReadsOptions = {
  demand: Demand;
  pages: SeenPages;
  maxPages: number;
  /** Whether others want something, too, who do not wait here. */
  areOthers: boolean;
};

/** Chooses the reads to start for those who wait, by the recent demand and by the pages that were seen, and notes them as demand. */
export const chooseReads =
  <T>({ demand, pages, maxPages, areOthers }: ChooseReadsOptions) =>
  (waiting: readonly Waiter<T>[]): GatheredRead<Waiter<T>>[] => {
    const wanted = waiting.map((waiter) => ({ question: pages.toAsk(waiter.question), waiter }));
    const gathered = gather(wanted, {
      pagesOfAll: pages.ofAll,
      maxPages,
      isBusy: demand.isBusy() || areOthers,
      singleCalls: demand.singleCalls(),
    });
    if (gathered.isBusy) demand.beBusy();
    demand.addSingleCalls(gathered.singleCalls);
    return gathered.reads.map(({ waiters, ...read }) => ({
      ...read,
      waiters: waiters.map(({ waiter }) => waiter),
    }));
  };
