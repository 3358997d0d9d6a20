import { evalArgs, NOW } from './script.ts';

/** What Redis's clock said, in milliseconds since 1970, and when it was asked for that, by the clock of the process. */
export type RedisTime = { nowMs: number; askedAtMs: number };

/** The key is one that nobody reads. */
const PROBE = `${NOW}
redis.call('SET', KEYS[1], '', 'EX', 10)
return string.format('%.0f', now)`;

/** A write, by which is known whether Redis accepts any, and what its clock says. */
export const probeOf = (key: string) => ({
  name: 'probe',
  key,
  args: evalArgs(PROBE, [key], []),
  isUrgent: true,
});

/** Redis's clock, as it answers a probe. */
export function nowMsOf(reply: unknown): number {
  if (typeof reply !== 'string' || !/^\d+$/.test(reply)) throw new Error('no time in the answer');
  return Number(reply);
}
