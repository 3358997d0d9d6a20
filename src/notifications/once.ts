import type { Logger } from 'pino';
import type { AccountRegion } from '../aws/account-region.ts';
import { CertwayError } from '../errors/errors.ts';
import type { Reading } from '../resources/read-all.ts';
import type { Clock } from '../time/clock.ts';
import type { Due } from './due.ts';
import type { Notifications } from './notifications.ts';
import { withKnownUse } from './rounds.ts';

export type OnceOptions = {
  notifications: Notifications;
  accountRegions: readonly AccountRegion[];
  readAll: (accountRegion: AccountRegion) => Promise<Reading>;
  /** Begins to read the stages; undefined if they are not read. */
  crawlStages: (() => Promise<void>) | undefined;
  /** If nothing tells what was sent before, only thresholds count that were passed within this time. */
  sinceMs: number;
  log: Pick<Logger, 'warn'>;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'wait'>;
};

/** How long the stages may take to tell whether a certificate is used: 600 APIs are read in ten minutes. */
const MAX_WAIT_FOR_STAGES_MS = 15 * 60 * 1000;
const LOOK_AGAIN_MS = 200;

/** Reads all certificates once. Answers what is due, and how many accounts and regions could not be read. */
export async function collectOnce(options: OnceOptions): Promise<{ dues: Due[]; unread: number }> {
  const { notifications, accountRegions } = options;
  const readings = await Promise.all(accountRegions.map(async (place) => readOnce(place, options)));
  const dues = () =>
    readings.flatMap(({ accountRegion, reading }) =>
      reading ? [recent(notifications.dueOf(accountRegion, reading), options)] : [],
    );
  await knowUse(dues, options);
  return { dues: dues(), unread: readings.filter(({ reading }) => !reading).length };
}

async function readOnce(accountRegion: AccountRegion, { readAll, log }: OnceOptions) {
  try {
    const reading = await readAll(accountRegion);
    return { accountRegion, reading: reading.isStale ? undefined : reading };
  } catch (error) {
    const code = error instanceof CertwayError ? error.code : 'INTERNAL_SERVER_ERROR';
    log.warn(
      { accountRegion: accountRegion.name, code, reason: String(error) },
      'could not read the certificates',
    );
    return { accountRegion, reading: undefined };
  }
}

function recent(due: Due, { notifications, sinceMs, clock }: OnceOptions): Due {
  if (notifications.areMarksKept) return due;
  const sinceDate = clock.now().getTime() - sinceMs;
  return { ...due, notices: due.notices.filter(({ passedAt }) => passedAt.getTime() >= sinceDate) };
}

/** Reads the stages only if there is something to tell. */
async function knowUse(dues: () => Due[], { crawlStages, clock }: OnceOptions): Promise<void> {
  const isKnown = () => dues().every((due) => withKnownUse(due).notices.length === due.notices.length);
  if (!crawlStages || isKnown()) return;
  void crawlStages();
  const untilMs = clock.elapsedMs() + MAX_WAIT_FOR_STAGES_MS;
  while (!isKnown() && clock.elapsedMs() < untilMs) await clock.wait(LOOK_AGAIN_MS);
}
