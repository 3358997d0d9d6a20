const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** A day in UTC, as AWS counts: `29 Nov 2026`. */
export const day = (date: string | Date): string => DAY.format(new Date(date));

/** To the second in UTC: `29 Nov 2026, 09:30:00 UTC`. */
export const moment = (date: string | Date): string => MOMENT.format(new Date(date));

/** The time of the day where the person is. */
export const timeOfDay = (date: Date): string => TIME.format(date);

/** What is left until the expiration, in words. */
export function daysLeft(days: number): string {
  if (days < -1) return `expired ${-days} days ago`;
  if (days < 0) return 'expired in the last 24 hours';
  if (days === 0) return 'expires within 24 hours';
  return days === 1 ? 'expires in 1 day' : `expires in ${days} days`;
}
