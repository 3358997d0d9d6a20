import type { Clock } from '../../../time/clock.ts';
import { type AccountRegionState, stateOf } from '../../everywhere/state.ts';
import type { ClientCertificate } from '../client-certificate.ts';
import { addDifferences, type Difference } from './differences.ts';
import type { Watch, Watcher } from './watch.ts';

/** What a listener is told at once. The first time, there are no differences: those are told that come later. */
export type News = {
  differences: Difference[];
  /** The accounts and regions whose certificates are not known as they are now. */
  unavailable: AccountRegionState[];
};

export type ListenerOptions = {
  watches: readonly Watch[];
  matches: () => (certificate: ClientCertificate) => boolean;
  /** Resolves when the search for what matches may continue. */
  inTurn: () => Promise<void>;
  clock: Pick<Clock, 'now' | 'later'>;
  onClose: () => void;
};

/** Iterates over what has changed. `close` ends it. */
export type Listener = AsyncIterableIterator<News, undefined> & { close(): void };

/** How many differences are told at once, of which each may be a whole certificate. */
export const MAX_DIFFERENCES = 100;

/** So long a listener waits in the beginning for accounts and regions that are slow. */
const PATIENCE_MS = 2000;

/**
 * Whoever is slow gets what has come together meanwhile, each certificate once, so there is never more to keep than there are
 * certificates.
 */
export function createListener({ watches, matches, inTurn, clock, onClose }: ListenerOptions): Listener {
  const untold = new Map<string, Difference>();
  let hasBegun = false;
  let isDue = false;
  let isClosed = false;
  let news = Promise.withResolvers<void>();

  function wake(): void {
    news.resolve();
    news = Promise.withResolvers();
  }

  function begin(): void {
    stopWaiting();
    hasBegun = true;
    isDue = true;
    wake();
  }

  function turned(): void {
    if (!hasBegun && !watches.every((watch) => watch.isTried())) return;
    begin();
  }

  const watcher: Watcher = {
    turned,
    changed: (differences) => {
      if (!hasBegun) return;
      addDifferences(untold, differences);
      wake();
    },
  };
  const stopWaiting = clock.later(begin, PATIENCE_MS);
  const leaves = watches.map((watch) => watch.join(watcher));
  turned();

  const unavailable = (): AccountRegionState[] =>
    watches.flatMap(({ accountRegion, failure }) => {
      const { code, message } = failure() ?? {};
      if (code === undefined || message === undefined) return [];
      const since = accountRegion.availability.current()?.since ?? clock.now();
      return stateOf(accountRegion, { code, message, since });
    });

  function takeUpTo(count: number): Difference[] {
    const slice = Array.from(untold.entries().take(count));
    for (const [id] of slice) untold.delete(id);
    return slice.map(([, difference]) => difference);
  }

  async function take(): Promise<News | undefined> {
    const wasDue = isDue;
    isDue = false;
    const isWanted = matches();
    const differences: Difference[] = [];
    while (untold.size > 0 && differences.length < MAX_DIFFERENCES) {
      await inTurn();
      for (const { before, after } of takeUpTo(MAX_DIFFERENCES - differences.length)) {
        const isTold = (before && isWanted(before)) || (after && isWanted(after));
        if (isTold) differences.push({ before, after });
      }
    }
    return wasDue || differences.length > 0 ? { differences, unavailable: unavailable() } : undefined;
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    stopWaiting();
    for (const leave of leaves) leave();
    untold.clear();
    wake();
    onClose();
  }

  return {
    async next() {
      while (!isClosed) {
        const { promise } = news;
        const told = await take();
        if (told && !isClosed) return { done: false, value: told };
        if (!isClosed) await promise;
      }
      return { done: true, value: undefined };
    },
    async return() {
      close();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    close,
  };
}
