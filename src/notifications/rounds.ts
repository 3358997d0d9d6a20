import type { AccountRegion } from '../aws/account-region.ts';
import type { Reading } from '../resources/read-all.ts';
import type { Clock } from '../time/clock.ts';
import type { Due } from './due.ts';
import type { Notifications } from './notifications.ts';

/** Tells of certificates as they are read. */
export type Rounds = {
  /** A reading of the certificates. A stale one says nothing new. */
  read(accountRegion: AccountRegion, reading: Reading): void;
  /** There was none, so that the last one counts no more. */
  failed(accountRegion: AccountRegion): void;
  /** Resolves once what is being sent is ended, after the signal was aborted. */
  ended(): Promise<void>;
};

export type RoundsOptions = {
  notifications: Notifications;
  /** Whether stages are read in the background, so that it is worth waiting for them. */
  areStagesRead: boolean;
  signal: AbortSignal;
  clock: Pick<Clock, 'elapsedMs' | 'later'>;
};

/** Many accounts and regions are read at about the same time: what is due in all of them is one message. */
const GATHER_MS = 10_000;

/** The pause before another look at stages that were not all read. */
const LOOK_AGAIN_MS = 30_000;

/** A notice does not wait longer to know whether its certificate is used. 600 APIs are read in ten minutes. */
const MAX_WAIT_FOR_STAGES_MS = 60 * 60 * 1000;

export function createRounds({ notifications, areStagesRead, signal, clock }: RoundsOptions): Rounds {
  /** The newest readings of which not everything is told. */
  const readings = new Map<AccountRegion, Reading>();
  /** Since when it is not known of each certificate that is told of whether it is used. */
  const unknownSinceMs = new Map<AccountRegion, number>();
  let isPlanned = false;
  let sending = Promise.resolve();

  /** What does not have to wait until the stages are read. */
  function toldNow(accountRegion: AccountRegion, due: Due): Due {
    const known = withKnownUse(due);
    if (!areStagesRead || known.notices.length === due.notices.length) {
      unknownSinceMs.delete(accountRegion);
      return due;
    }
    const sinceMs = unknownSinceMs.get(accountRegion) ?? clock.elapsedMs();
    unknownSinceMs.set(accountRegion, sinceMs);
    return clock.elapsedMs() - sinceMs < MAX_WAIT_FOR_STAGES_MS ? known : due;
  }

  function plan(ms: number): void {
    if (isPlanned || signal.aborted) return;
    isPlanned = true;
    clock.later(() => {
      isPlanned = false;
      void round();
    }, ms);
  }

  async function round(): Promise<void> {
    for (const [accountRegion, reading] of Array.from(readings)) {
      if (signal.aborted) return; // what keeps the marks may be closed
      const due = notifications.dueOf(accountRegion, reading);
      const told = toldNow(accountRegion, due);
      await notifications.update(told);
      const isAll = told.notices.length === due.notices.length;
      if (isAll && readings.get(accountRegion) === reading) readings.delete(accountRegion);
    }
    sending = notifications.send();
    if (readings.size > 0) plan(LOOK_AGAIN_MS);
  }

  return {
    read: (accountRegion, reading) => {
      readings.delete(accountRegion);
      if (reading.isStale) return;
      readings.set(accountRegion, reading);
      plan(GATHER_MS);
    },
    failed: (accountRegion) => readings.delete(accountRegion),
    ended: async () => {
      await sending;
      await notifications.send(); // to receivers that came between two rounds
    },
  };
}

/** Without the notices about certificates of which it is not known whether a stage uses them. */
export const withKnownUse = (due: Due): Due => ({
  ...due,
  notices: due.notices.filter(({ use }) => use.usage !== 'UNKNOWN'),
});
