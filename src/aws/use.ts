import type { Patience } from '../time/patience.ts';
import { addStamp, type Stamps } from './stamps.ts';

/** How one operation has used AWS. */
export type AwsUse = {
  /** The number of its AWS calls, retries included. */
  calls: number;
  /** How many of its reads joined a read in flight. */
  joined: number;
  /** How many of its reads were answered from memory, or by what another replica has read. */
  reused: number;
  /** How long it waited for AWS. */
  durationMs: number;
  /** How current everything is that it has seen. */
  stamps: Stamps;
  /** The age of the oldest stale answer; 0 if there was none. */
  staleMs: number;
  /** How long it waits for other replicas; undefined if there are none, or nobody waits for the operation. */
  patience?: Patience | undefined;
};

/** The age of the oldest stale answer in whole seconds; undefined if there was none. */
export const staleSecondsOf = (use: AwsUse | undefined): number | undefined =>
  use && use.staleMs > 0 ? Math.ceil(use.staleMs / 1000) : undefined;

/** That of two operations, one after the other. */
export function sumOf(a: AwsUse, b: AwsUse): AwsUse {
  const stamps = new Map(a.stamps);
  for (const stamp of b.stamps.values()) addStamp(stamps, stamp);
  return {
    calls: a.calls + b.calls,
    joined: a.joined + b.joined,
    reused: a.reused + b.reused,
    durationMs: a.durationMs + b.durationMs,
    stamps,
    staleMs: Math.max(a.staleMs, b.staleMs),
  };
}

/** Nothing so far. */
export const createAwsUse = (patience?: Patience): AwsUse => ({
  calls: 0,
  joined: 0,
  reused: 0,
  durationMs: 0,
  stamps: new Map(),
  staleMs: 0,
  patience,
});
