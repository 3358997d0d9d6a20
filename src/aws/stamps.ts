/**
 * From when something is that was read of AWS. The epoch of a collection ends with each write to it, so that what is of
 * an earlier one may be outdated. `readAtMs` is when AWS was asked, by the clock of the shared reads.
 */
export type Stamp = { collection: string; epoch: number; readAtMs: number };

/** The stamps with one more: one for each collection, as old as the oldest of what was read. */
export function addStamp(stamps: readonly Stamp[], stamp: Stamp): readonly Stamp[] {
  if (stamps.includes(stamp)) return stamps; // of many reads that one answer of AWS was for
  const known = stamps.find(({ collection }) => collection === stamp.collection);
  if (!known) return [...stamps, stamp];
  if (known.epoch <= stamp.epoch && known.readAtMs <= stamp.readAtMs) return stamps;
  const older = {
    ...known,
    epoch: Math.min(known.epoch, stamp.epoch),
    readAtMs: Math.min(known.readAtMs, stamp.readAtMs),
  };
  return stamps.map((other) => (other === known ? older : other));
}

/** When the oldest was asked of AWS; `Infinity` where there is none. */
export const oldestReadAtMs = (stamps: readonly Stamp[]): number =>
  Math.min(...stamps.map(({ readAtMs }) => readAtMs));
