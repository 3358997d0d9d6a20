import type { Api, ApiProtocol } from './api.ts';

/** What AWS can be asked for: the APIs of a protocol, or the stages of an API. */
export type Subject = { kind: 'apis'; protocol: ApiProtocol } | { kind: 'stages'; api: Api };

/** A subject, and what is known about it so far. */
export type Entry = {
  subject: Subject;
  /** When AWS was last asked for it; undefined if never. */
  triedAtMs: number | undefined;
  /** Whether AWS has ever answered that. */
  isRead: boolean;
  /** Whether AWS refused it the last time. */
  isDenied: boolean;
  /** Whether a stage of the API has a certificate. */
  hasCertificate: boolean;
};

/** What to read next, or in how many milliseconds there will be something to read. */
export type Plan = { subject: Subject } | { dueInMs: number };

/** The lists of APIs, and the stages of an API that has a certificate, are read this often, where the pace allows it. */
export const OFTEN_MS = 60_000;

/** All others. Under a slow pace the ratio of the two stays. */
export const SELDOM_MS = 4 * OFTEN_MS;

const HOUR_MS = 3_600_000;

/**
 * What was read before that is too old to rule something out: twice as long as it takes until the slowest of so many APIs is read again,
 * but at least an hour. With no reads of its own, a replica relies on others that read one per second.
 */
export const tooOldMs = (apis: number, readsPerSecond: number): number =>
  Math.max(HOUR_MS, (2 * (SELDOM_MS / OFTEN_MS) * 1000 * apis) / Math.max(1, readsPerSecond));

/** What could not be read yet is tried again after this, unless AWS refuses it. */
export const RETRY_MS = 15_000;

/**
 * What has never been asked for comes first, in its order; then what is overdue most, measured by how often it should be
 * read. So nothing starves, however many entries there are.
 */
export function nextRead(entries: Iterable<Entry>, nowMs: number): Plan {
  let dueInMs = OFTEN_MS;
  let next: { subject: Subject; overdue: number } | undefined;
  for (const entry of entries) {
    const { subject, triedAtMs } = entry;
    if (triedAtMs === undefined) return { subject };
    const intervalMs = intervalOf(entry);
    const overdue = (nowMs - triedAtMs) / intervalMs;
    if (overdue >= 1 && (!next || overdue > next.overdue)) next = { subject, overdue };
    dueInMs = Math.min(dueInMs, triedAtMs + intervalMs - nowMs);
  }
  return next ? { subject: next.subject } : { dueInMs };
}

function intervalOf({ subject, isRead, isDenied, hasCertificate }: Entry): number {
  if (!isRead && !isDenied) return RETRY_MS;
  return subject.kind === 'apis' || hasCertificate ? OFTEN_MS : SELDOM_MS;
}
