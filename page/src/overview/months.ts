/** The beginning of a month from today on, and of the next one. */
export type Month = { from: Date; to: Date | undefined };

/** A certificate lives for 365 days, so none expires later than in the last of these. */
const MONTHS = 12;

/**
 * Twelve months in UTC, the first beginning today: 29 Nov, 29 Dec, … Each ends where the next begins, and the last has no end,
 * so that every certificate that has not expired is in exactly one.
 */
export function monthsFrom(now: Date): Month[] {
  const starts = Array.from({ length: MONTHS }, (_, i) => monthLater(now, i));
  return starts.map((from, i) => ({ from, to: starts[i + 1] }));
}

/** The 31st of a month with fewer days is its last day. */
function monthLater(now: Date, months: number): Date {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(now.getUTCDate(), lastDay)));
}

/** The filter of the certificates that expire in a month. The bounds of a filter are not part of it. */
export const filterOf = ({ from, to }: Month) => ({
  expiresAfter: new Date(from.getTime() - 1).toISOString(),
  ...(to && { expiresBefore: to.toISOString() }),
});
