import type { ClientCertificate as AwsClientCertificate } from '@aws-sdk/client-api-gateway';
import { UpstreamError } from '../../errors/errors.ts';
import { DAY_MS } from '../../time/day.ts';
import { type Place, type ShownPlace, shownPlace } from '../place.ts';
import type { Tag } from '../tags.ts';
import { arnOf, globalIdOf } from './id.ts';

/** A client certificate as AWS has it, with its ARN and its tags sorted by key. */
export type ClientCertificate = ShownPlace & {
  /** The global id, for GraphQL's `node`. */
  id: string;
  clientCertificateId: string;
  arn: string;
  description: string | null;
  createdDate: Date;
  expirationDate: Date;
  pemEncodedCertificate: string;
  tags: Tag[];
};

export type ClientCertificateStatus = 'VALID' | 'EXPIRING' | 'EXPIRED';

/** Whether a stage uses a certificate. It is unknown until all stages were read, unless one is known that does. */
export type ClientCertificateUsage = 'IN_USE' | 'UNKNOWN' | 'UNUSED';

/**
 * An error if something that every certificate has is missing or of the wrong type. The SDK does not check what it gets, and in
 * AWS's model all members are optional.
 */
export function toClientCertificate(
  item: AwsClientCertificate,
  place: Place,
): ClientCertificate | UpstreamError {
  const { clientCertificateId, description, createdDate, expirationDate, pemEncodedCertificate, tags } =
    item ?? {};
  if (
    !isText(clientCertificateId) ||
    !isDate(createdDate) ||
    !isDate(expirationDate) ||
    !isText(pemEncodedCertificate) ||
    typeof (description ?? '') !== 'string' ||
    (tags !== undefined && !areTags(tags))
  )
    return new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent an incomplete client certificate.');
  const { accountId, account, region } = shownPlace(place);
  return {
    id: globalIdOf(place, clientCertificateId),
    clientCertificateId,
    arn: arnOf(region, clientCertificateId),
    accountId,
    account,
    region,
    description: description || null,
    createdDate,
    expirationDate,
    pemEncodedCertificate,
    tags: tags === undefined ? NO_TAGS : sortedTags(tags),
  };
}

/** One for all, since there may be thousands of certificates without tags. */
const NO_TAGS: Tag[] = [];

const sortedTags = (tags: Record<string, string>): Tag[] =>
  Object.entries(tags)
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isDate = (date: unknown): date is Date => date instanceof Date && !Number.isNaN(date.getTime());

const areTags = (tags: unknown): boolean =>
  typeof tags === 'object' &&
  tags !== null &&
  !Array.isArray(tags) &&
  Object.values(tags).every((value) => typeof value === 'string');

/** The state of certificates at one moment, which is the same for a whole answer. Times are in milliseconds since 1970. */
export type Expiry = {
  readonly nowMs: number;
  /** The last moment belongs to the validity (RFC 5280, 4.1.2.5), so `EXPIRED` means negative days. */
  statusOf(certificate: ClientCertificate): ClientCertificateStatus;
  /** Whole days left: 0 on the last day, negative once expired. */
  daysUntilExpirationOf(certificate: ClientCertificate): number;
  /** When the first of the answers so far becomes wrong, and since when all are right; `Infinity` and `-Infinity` if there were none. */
  readonly trueUntilMs: number;
  readonly trueFromMs: number;
  /** Takes down that something else was told that is true until then. */
  isTrueUntil(ms: number): void;
  /** The same moment, without what was told. */
  again(): Expiry;
};

export const createExpiry = (now: Date, expiringWithinDays: number): Expiry =>
  new ExpiryAt(now.getTime(), expiringWithinDays);

/** A class, because every operation has one: V8 makes an object with a getter of its own slowly, and keeps it long. */
class ExpiryAt implements Expiry {
  readonly nowMs: number;
  readonly #expiringWithinDays: number;
  trueUntilMs = Number.POSITIVE_INFINITY;

  constructor(nowMs: number, expiringWithinDays: number) {
    this.nowMs = nowMs;
    this.#expiringWithinDays = expiringWithinDays;
  }

  /** Nobody has looked at earlier moments, to which the clock may be set back. */
  get trueFromMs(): number {
    return this.trueUntilMs === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : this.nowMs;
  }

  isTrueUntil(ms: number): void {
    this.trueUntilMs = Math.min(this.trueUntilMs, ms);
  }

  /** A status changes only when the days do, because both are counted from the expiration. */
  daysUntilExpirationOf({ expirationDate }: ClientCertificate): number {
    const expiresMs = expirationDate.getTime();
    const days = Math.floor((expiresMs - this.nowMs) / DAY_MS);
    this.isTrueUntil(expiresMs - days * DAY_MS);
    return days;
  }

  statusOf(certificate: ClientCertificate): ClientCertificateStatus {
    if (this.daysUntilExpirationOf(certificate) < 0) return 'EXPIRED';
    const leftMs = certificate.expirationDate.getTime() - this.nowMs;
    return leftMs <= this.#expiringWithinDays * DAY_MS ? 'EXPIRING' : 'VALID';
  }

  again(): Expiry {
    return new ExpiryAt(this.nowMs, this.#expiringWithinDays);
  }
}
