import { hash } from 'node:crypto';
import { inAccount } from '../resources/arn.ts';
import type {
  ClientCertificate,
  ClientCertificateUsage,
} from '../resources/client-certificates/client-certificate.ts';
import { DAY_MS } from '../time/day.ts';

/** What people are told of a certificate once it has passed a threshold. */
export type Notice = {
  /** The same from every replica and after every restart; receivers tell repetitions by it. */
  id: string;
  /** Names the certificate, as `keyOf` does. */
  about: string;
  /** The name of the account and region. */
  place: string;
  thresholdDays: number;
  /** When the threshold was passed. */
  passedAt: Date;
  /** Whole days left, negative once expired. */
  daysUntilExpiration: number;
  severity: Severity;
  use: Use;
  certificate: ClientCertificate;
};

export type Severity = 'critical' | 'warning' | 'info';

/** How a certificate is used, as far as is known. */
export type Use = {
  usage: ClientCertificateUsage;
  /** The number of known stages that use it. */
  stages: number;
  /** Whether another certificate was generated to replace it, and no stage uses it any more. */
  isReplaced: boolean;
};

/** An outage is near only where a stage uses the certificate. */
const SEVERITIES: Record<ClientCertificateUsage, Severity> = {
  IN_USE: 'critical',
  UNKNOWN: 'warning',
  UNUSED: 'info',
};

/** Whoever has not taken care of a certificate by then is not going to. */
const LAST_NOTICE_MS = 30 * DAY_MS;

/**
 * The notice about the nearest threshold that the certificate has passed at `now`; undefined if it has passed none, or expired more
 * than 30 days ago. `days` are the thresholds, the largest first.
 */
export function noticeOf(
  certificate: ClientCertificate,
  use: Use,
  { place, days, now }: { place: string; days: readonly number[]; now: Date },
): Notice | undefined {
  const expiresMs = certificate.expirationDate.getTime();
  const leftMs = expiresMs - now.getTime();
  // The last moment belongs to the validity (RFC 5280, 4.1.2.5), so that 0 means that it has expired.
  const thresholdDays = days.findLast((threshold) => leftMs < threshold * DAY_MS);
  if (thresholdDays === undefined || leftMs < -LAST_NOTICE_MS) return undefined;
  const about = keyOf(certificate);
  return {
    id: hash('sha256', `${identityOf(certificate)} ${thresholdDays}`),
    about,
    place,
    thresholdDays,
    passedAt: new Date(expiresMs - thresholdDays * DAY_MS),
    daysUntilExpiration: Math.floor(leftMs / DAY_MS),
    severity: SEVERITIES[use.usage],
    use,
    certificate,
  };
}

/** Whether the certificate has expired. */
export const isExpired = ({ daysUntilExpiration }: Notice): boolean => daysUntilExpiration < 0;

/** Names a certificate with this end. It does not tell the ARN. */
export const keyOf = (certificate: ClientCertificate): string => hash('sha256', identityOf(certificate));

/** The ARN, with the account where the settings name several, and the end: nothing of it can be changed. */
const identityOf = ({ accountId, arn, expirationDate }: ClientCertificate): string =>
  `${inAccount(accountId ?? undefined, arn)} ${expirationDate.toISOString()}`;
