/**
 * Says how current something is that was read from AWS. Each write to a collection begins a new epoch, so an earlier epoch may be
 * outdated. `readAtMs` is when AWS was asked, by the clock of the shared reads.
 */
export type Stamp = { collection: string; epoch: number; readAtMs: number };

/** How current many things are: a stamp for each collection, by its name, as old as the oldest thing. */
export type Stamps = Map<string, Stamp>;

export function addStamp(stamps: Stamps, stamp: Stamp): void {
  const known = stamps.get(stamp.collection);
  if (known && known.epoch <= stamp.epoch && known.readAtMs <= stamp.readAtMs) return;
  const older = known && {
    ...known,
    epoch: Math.min(known.epoch, stamp.epoch),
    readAtMs: Math.min(known.readAtMs, stamp.readAtMs),
  };
  stamps.set(stamp.collection, older ?? stamp);
}

/** Of something that may be another at any time, such as an account and region that could not be read. */
export const NEVER_FRESH: Stamp = { collection: 'none', epoch: 0, readAtMs: Number.NEGATIVE_INFINITY };

/** When AWS was asked for the oldest; `Infinity` if there is none. */
export const oldestReadAtMs = (stamps: Stamps): number =>
  stamps.values().reduce((oldest, { readAtMs }) => Math.min(oldest, readAtMs), Number.POSITIVE_INFINITY);
