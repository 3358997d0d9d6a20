import type { Viewer } from '../auth/viewer.ts';
import type { AwsCalls } from '../aws/calls.ts';

/** The parts of an operation that every resource needs. */
export type Operation = {
  aws: AwsCalls;
  viewer: Viewer;
  /** Resolves when the operation may continue after it has waited. */
  inTurn: () => Promise<void>;
  /** The same. Rejects with an `OverloadedError` if the client has left, or the operation's time is over. */
  inTurnAndTime: () => Promise<void>;
};
