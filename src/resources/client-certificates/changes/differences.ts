import type { Reading } from '../../read-all.ts';
import type { ClientCertificate } from '../client-certificate.ts';

/** A certificate before and after it has changed. It was added if there is nothing before, and deleted if there is nothing after. */
export type Difference = { before: ClientCertificate | undefined; after: ClientCertificate | undefined };

/** By the global ids of the certificates. */
export type Differences = ReadonlyMap<string, Difference>;

/** All certificates of an account and region, by their global ids. */
export type Known = ReadonlyMap<string, ClientCertificate>;

/**
 * What a reading shows that was not known, and what is known after it. If AWS sent broken certificates, which have no id, those that are
 * missing may be among them: they still count as known.
 */
export function compare(
  known: Known,
  { certificates, areAllWhole }: Pick<Reading, 'certificates' | 'areAllWhole'>,
): { known: Known; differences: Differences } {
  const now = new Map<string, ClientCertificate>(areAllWhole ? [] : known);
  const differences = new Map<string, Difference>();
  for (const after of certificates) {
    const before = known.get(after.id);
    const isKnown = isSame(before, after);
    now.set(after.id, before && isKnown ? before : after); // one copy, however often it was read
    if (!isKnown) differences.set(after.id, { before, after });
  }
  for (const [id, before] of known) if (!now.has(id)) differences.set(id, { before, after: undefined });
  return { known: now, differences };
}

/** Adds later differences to those that were not told yet. What is as it was before is none. */
export function addDifferences(untold: Map<string, Difference>, later: Differences): void {
  for (const [id, difference] of later) {
    const { before } = untold.get(id) ?? difference;
    untold.delete(id);
    if (!isSame(before, difference.after)) untold.set(id, { before, after: difference.after });
  }
}

/** All that AWS can change, and what tells a certificate from another one of the same id. */
function isSame(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.description === b.description &&
    a.pemEncodedCertificate === b.pemEncodedCertificate &&
    a.expirationDate.getTime() === b.expirationDate.getTime() &&
    a.tags.length === b.tags.length &&
    a.tags.every(({ key, value }, i) => key === b.tags[i]?.key && value === b.tags[i].value)
  );
}
