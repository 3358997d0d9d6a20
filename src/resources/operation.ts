import type { Viewer } from '../auth/viewer.ts';
import type { AwsCalls } from '../aws/calls.ts';

/** What every resource needs of the operation that asks it. */
export type Operation = {
  aws: AwsCalls;
  viewer: Viewer;
  /** Resolves when the operation may go on after it has waited. */
  inTurn: () => Promise<void>;
  /** The same; rejects with an `OverloadedError` where nobody waits any more, or the time for the operation is over. */
  inTurnAndTime: () => Promise<void>;
};
