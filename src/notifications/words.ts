import { shortened } from '../errors/shortened.ts';
import { isExpired, type Notice } from './notice.ts';

/** AWS allows 1024 characters. */
const MAX_DESCRIPTION = 80;

/** `expires in 7 days`, or what else there is to say. */
export function endInWords(notice: Notice): string {
  const { daysUntilExpiration: days } = notice;
  if (isExpired(notice)) return 'has expired';
  if (days === 0) return 'expires within a day';
  return days === 1 ? 'expires in 1 day' : `expires in ${days} days`;
}

/** `a1b2c3 (payments)` */
export function nameInWords({ certificate: { clientCertificateId, description } }: Notice): string {
  if (description === null) return clientCertificateId;
  return `${clientCertificateId} (${shortened(description, MAX_DESCRIPTION).replaceAll(/\s+/g, ' ')})`;
}

/** `used by 3 stages`, or what else is known. */
export function useInWords({ use: { usage, stages, isReplaced } }: Notice): string {
  if (isReplaced) return 'replaced, and used by no stage';
  if (usage === 'UNUSED') return 'used by no stage';
  if (usage === 'UNKNOWN') return 'not known to be used: not all stages were read';
  return `used by ${stages === 1 ? '1 stage' : `${stages} stages`}`;
}
