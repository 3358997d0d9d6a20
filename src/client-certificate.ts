import type { ClientCertificate as AwsClientCertificate } from '@aws-sdk/client-api-gateway';
import { arnOf } from './client-certificate-id.ts';
import { UpstreamError } from './errors.ts';
import type { Tag } from './input-rules.ts';

/** A client certificate as AWS has it, with its ARN and its tags sorted by key. */
export type ClientCertificate = {
  clientCertificateId: string;
  arn: string;
  description: string | null;
  createdDate: Date;
  expirationDate: Date;
  pemEncodedCertificate: string;
  tags: Tag[];
};

export type ClientCertificateStatus = 'VALID' | 'EXPIRING' | 'EXPIRED';

/** An error where what every certificate has is missing or unreadable; in AWS's model all members are optional. */
export function toClientCertificate(
  item: AwsClientCertificate,
  region: string,
): ClientCertificate | UpstreamError {
  const {
    clientCertificateId,
    description,
    createdDate,
    expirationDate,
    pemEncodedCertificate,
    tags = {},
  } = item ?? {};
  if (!clientCertificateId || !isDate(createdDate) || !isDate(expirationDate) || !pemEncodedCertificate)
    return new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent a client certificate that is not complete.');
  return {
    clientCertificateId,
    arn: arnOf(region, clientCertificateId),
    description: description || null,
    createdDate,
    expirationDate,
    pemEncodedCertificate,
    tags: Object.entries(tags)
      .map(([key, value]) => ({ key, value }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

const isDate = (date: Date | undefined): date is Date => date !== undefined && !Number.isNaN(date.getTime());

const DAY_MS = 24 * 60 * 60 * 1000;

/** By what the state of a certificate is told: the moment, and from how many days before its end on it is expiring. */
export type Expiry = { now: Date; expiringWithinDays: number };

/** Whole days that are left: 0 on the last one, negative once expired. */
export const daysUntilExpiration = ({ expirationDate }: ClientCertificate, { now }: Expiry): number =>
  Math.floor((expirationDate.getTime() - now.getTime()) / DAY_MS);

/** The last moment of the validity belongs to it (RFC 5280, 4.1.2.5), so that `EXPIRED` is when the days are negative. */
export function statusAt(
  { expirationDate }: ClientCertificate,
  { now, expiringWithinDays }: Expiry,
): ClientCertificateStatus {
  const leftMs = expirationDate.getTime() - now.getTime();
  if (leftMs < 0) return 'EXPIRED';
  return leftMs <= expiringWithinDays * DAY_MS ? 'EXPIRING' : 'VALID';
}
