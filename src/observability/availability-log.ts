import type { Logger } from 'pino';
import type { AccountRegionName } from '../aws/account-region.ts';
import type { Unavailability } from '../aws/availability.ts';

/** One line when AWS stops answering in an account and region, and one when it answers again. */
export function logAvailability(
  log: Logger,
  unavailability: Unavailability | undefined,
  { account, region }: AccountRegionName,
): void {
  if (unavailability) {
    const { code, message: reason } = unavailability;
    log.warn({ account, region, code, reason }, 'AWS does not answer in this account and region');
  } else log.info({ account, region }, 'AWS answers again in this account and region');
}
