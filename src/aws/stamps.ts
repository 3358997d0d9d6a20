/**
 * Says how current something is that was read from AWS. Each write to a collection begins a new epoch, so an earlier epoch may be
 * outdated. `readAtMs` is when AWS was asked, by the clock of the shared reads.
 */
export type Stamp = { collection: string; epoch: number; readAtMs: number };

/** Adds a stamp. There is one per collection, which is as old as the oldest of them. */
export function addStamp(stamps: readonly Stamp[], stamp: Stamp): readonly Stamp[] {
  if (stamps.includes(stamp)) return stamps; // many reads may share one answer of AWS
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

/** Adds many of them. */
export function addStamps(stamps: readonly Stamp[], more: readonly Stamp[]): readonly Stamp[] {
  if (more.length < 2) return more.reduce(addStamp, stamps);
  const byCollection = Map.groupBy([...stamps, ...more], ({ collection }) => collection);
  return Array.from(byCollection.values(), (same) => same.reduce(addStamp, [] as readonly Stamp[])).flat();
}

/** Of something that may be another at any time, such as an account and region that could not be read. */
export const NEVER_FRESH: Stamp = { collection: 'none', epoch: 0, readAtMs: Number.NEGATIVE_INFINITY };

/** When AWS was asked for the oldest; `Infinity` if there is none. */
export const oldestReadAtMs = (stamps: readonly Stamp[]): number =>
  Math.min(...stamps.map(({ readAtMs }) => readAtMs));
