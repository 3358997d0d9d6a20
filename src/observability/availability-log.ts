import type { Logger } from 'pino';
import type { AccountRegionName } from '../aws/account-region.ts';
import type { CertwayError } from '../errors/errors.ts';

/** One line when AWS stops answering in an account and region, and one when it answers again. */
export function logAvailability(
  log: Logger,
  { account, region }: AccountRegionName,
  error?: CertwayError,
): void {
  if (error) {
    const { code, message: reason, aws } = error;
    log.warn({ account, region, code, reason, aws }, 'AWS does not answer in this account and region');
  } else log.info({ account, region }, 'AWS answers again in this account and region');
}
