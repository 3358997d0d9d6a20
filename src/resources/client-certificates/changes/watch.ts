import type { Logger } from 'pino';
import type { AccountRegion } from '../../../aws/account-region.ts';
import { notAnswered } from '../../../aws/errors.ts';
import { CertwayError, MaskedError } from '../../../errors/errors.ts';
import type { Clock } from '../../../time/clock.ts';
import type { ReadAll, Reading } from '../../read-all.ts';
import { compare, type Differences, type Known } from './differences.ts';

/** Who is told by a watch. */
export type Watcher = {
  changed(differences: Differences): void;
  /** It was tried to read for the first time, could not be read any more, or can be read again. */
  turned(): void;
};

/** Reads the certificates of an account and region again and again, as long as anyone wants to know what has changed. */
export type Watch = {
  accountRegion: AccountRegion;
  /** The result ends it. */
  join(watcher: Watcher): () => void;
  /** Whether it was tried to read them. */
  isTried(): boolean;
  /** Why they are not known as they are now. Then nothing is told; once they are, what has changed since then is. */
  failure(): { code: string; message: string } | undefined;
};

export type WatchOptions = {
  accountRegion: AccountRegion;
  read: ReadAll;
  /** Calls `run` after each write of this service, until the result is called. */
  onWrite: (run: () => void) => () => void;
  everyMs: number;
  log: Logger;
  later: Clock['later'];
};

export function createWatch({ accountRegion, read, onWrite, everyMs, log, later }: WatchOptions): Watch {
  const watchers = new Set<Watcher>();
  let known: Known | undefined;
  let failure: CertwayError | MaskedError | undefined = notAnswered();
  let isTried = false;
  let isReading = false;
  let isOutdated = false;
  let cancel = () => {};
  let ignoreWrites = () => {};

  function failed(error: unknown): void {
    failure = error instanceof CertwayError ? error : new MaskedError(error);
    if (failure instanceof MaskedError) log.error({ err: error }, 'unexpected error');
  }

  function succeeded(reading: Reading): void {
    failure = undefined;
    const compared = compare(known ?? new Map(), reading);
    const isFirst = known === undefined;
    known = compared.known;
    if (isFirst || compared.differences.size === 0) return;
    for (const watcher of watchers) watcher.changed(compared.differences);
  }

  async function readOnce(): Promise<void> {
    const [outcome] = await Promise.allSettled([read(accountRegion)]);
    if (watchers.size === 0) return;
    const before = { isTried, isFailing: failure !== undefined };
    isTried = true;
    if (outcome.status === 'rejected') failed(outcome.reason);
    else if (outcome.value.isStale) failed(accountRegion.availability.failure() ?? notAnswered());
    else succeeded(outcome.value);
    if (before.isTried && before.isFailing === (failure !== undefined)) return;
    for (const watcher of watchers) watcher.turned();
  }

  /** One reading after the other: an older one never comes after a newer one. */
  async function poll(): Promise<void> {
    cancel();
    isOutdated = true;
    if (isReading) return;
    isReading = true;
    while (isOutdated && watchers.size > 0) {
      isOutdated = false;
      await readOnce();
    }
    isReading = false;
    if (watchers.size > 0) cancel = later(() => void poll(), everyMs);
  }

  function begin(): void {
    ignoreWrites = onWrite(() => void poll());
    void poll();
  }

  /** What was known is too old for those who come later. */
  function end(): void {
    cancel();
    ignoreWrites();
    known = undefined;
    failure = notAnswered();
    isTried = false;
  }

  return {
    accountRegion,
    join: (watcher) => {
      watchers.add(watcher);
      if (watchers.size === 1) begin();
      return () => {
        if (watchers.delete(watcher) && watchers.size === 0) end();
      };
    },
    isTried: () => isTried,
    failure: () => failure && { code: codeOf(failure), message: failure.message },
  };
}

const codeOf = ({ extensions }: CertwayError | MaskedError): string => `${extensions['code']}`;
