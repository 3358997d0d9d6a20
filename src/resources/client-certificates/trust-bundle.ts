import { createHash } from 'node:crypto';
import type { AccountRegion } from '../../aws/account-region.ts';
import { InvalidInputError } from '../../errors/errors.ts';
import { throwIfInvalid } from '../../errors/input-issues.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { Placed } from '../../relay/list.ts';
import { narrow } from '../everywhere/narrow.ts';
import { filterInSlices } from '../in-slices.ts';
import type { ClientCertificate } from './client-certificate.ts';
import {
  type ClientCertificateFilter,
  filterIssues,
  type Item,
  type MatcherOptions,
  matcher,
  wholeOf,
} from './list.ts';
import { type Entry, type TrustBundleFormat, textOf } from './trust-bundle-texts.ts';
import type { X509Certificate } from './x509.ts';

/**
 * The certificates that a backend has to trust, the oldest first. The same certificates give the same texts, byte for byte.
 */
export type TrustBundle = {
  clientCertificates: ClientCertificate[];
  /** The SHA-256 of the PEM, in lower-case hex. */
  sha256(): string;
  text(format: TrustBundleFormat): string;
};

export type TrustBundleOptions = MatcherOptions & {
  /** Rejects if not all can be read. */
  all(): MaybePromise<Placed<Item>[]>;
  /** Resolves when filtering may continue; rejects if the operation's time is over. */
  inTurnAndTime: () => Promise<void>;
  x509Of(certificate: ClientCertificate): MaybePromise<X509Certificate>;
};

/** AWS allows an account 60 in a region, unless raised. A longer text would have no bound. */
export const MAX_BUNDLE_SIZE = 500;

/** What a filter asks for: the accounts and regions, and its conditions with the defaults. Throws if it is wrong. */
export function parseBundleFilter(
  all: readonly AccountRegion[],
  filter: ClientCertificateFilter | null | undefined,
): { chosen: AccountRegion[]; conditions: ClientCertificateFilter } {
  const { chosen, conditions, issues } = narrow(all, filter);
  throwIfInvalid([...issues, ...filterIssues(conditions)]);
  return { chosen, conditions: { status: ['VALID', 'EXPIRING'], ...conditions } };
}

/**
 * Those that match the filter, and any of unknown usage; unless it has a `status`, without those that have expired. A backend that is not told of a
 * certificate refuses API Gateway, so nothing may be left out: if AWS sent anything broken, that error is thrown.
 */
export async function readTrustBundle(
  { all, inTurnAndTime, x509Of, ...known }: TrustBundleOptions,
  conditions: ClientCertificateFilter,
): Promise<TrustBundle> {
  const whole = (await all()).map(({ node }) => wholeOf(node));
  const matches = matcher(withUnknown(conditions), known);
  const matching = await filterInSlices(whole, matches, inTurnAndTime);
  if (matching.length > MAX_BUNDLE_SIZE) throw tooMany(matching.length);
  const entries = await Promise.all(
    matching.map(async (certificate) => ({ certificate, x509: await x509Of(certificate) })),
  );
  await inTurnAndTime(); // to write its texts takes milliseconds
  return createTrustBundle(entries);
}

/** Before all stages have been read, any certificate may be in use. */
const withUnknown = ({ usage, ...others }: ClientCertificateFilter): ClientCertificateFilter =>
  usage ? { ...others, usage: [...usage, 'UNKNOWN'] } : others;

/** The bundle of these, in any order and with repetitions. Each text is written once. */
export function createTrustBundle(entries: Entry[]): TrustBundle {
  const unique = new Map(entries.map((entry) => [entry.x509.fingerprintSha256, entry]));
  const sorted = Array.from(unique.values()).sort(compare);
  const written = new Map<TrustBundleFormat, string>();
  function text(format: TrustBundleFormat): string {
    const known = written.get(format) ?? textOf(format, sorted);
    written.set(format, known);
    return known;
  }
  return {
    clientCertificates: sorted.map(({ certificate }) => certificate),
    sha256: () => createHash('sha256').update(text('PEM')).digest('hex'),
    text,
  };
}

/**
 * A new certificate comes last. Software on OpenSSL that is given the PEM takes the first of several with one subject, which
 * stays the one that it trusted before.
 */
const compare = (a: Entry, b: Entry): number =>
  a.certificate.createdDate.getTime() - b.certificate.createdDate.getTime() ||
  (a.x509.fingerprintSha256 < b.x509.fingerprintSha256 ? -1 : 1);

const tooMany = (count: number) =>
  new InvalidInputError([
    {
      path: ['filter'],
      message: `expected conditions that up to ${MAX_BUNDLE_SIZE} client certificates match, got ${count}`,
    },
  ]);
