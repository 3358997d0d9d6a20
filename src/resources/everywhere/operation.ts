import type { Viewer } from '../../auth/viewer.ts';
import type { AccountRegion } from '../../aws/account-region.ts';
import type { AwsUse } from '../../aws/use.ts';
import type { Expiry } from '../client-certificates/client-certificate.ts';
import type { Doors } from '../doors.ts';
import type { AllKnowledge } from '../knowledge.ts';
import type { StageSnapshot } from '../stages/snapshot.ts';
import type { Ask, ReasonNotToAsk } from './ask.ts';

/** The parts of an operation that what spans all accounts and regions needs. */
export type OperationEverywhere = {
  /** In the configured order. */
  all: readonly AccountRegion[];
  /** The same list each time. */
  inRegion: (region: string) => readonly AccountRegion[];
  knowledge: AllKnowledge;
  /** The doors of one of them, made when they are asked for first. */
  doorsIn: (accountRegion: AccountRegion) => Doors;
  /** The stages that are known in one of them, as the operation has first seen them. */
  stagesIn: (accountRegion: AccountRegion) => StageSnapshot;
  ask: Ask;
  reasonNotToAsk: ReasonNotToAsk;
  /** Makes a read when it is the client's turn. */
  inParallel: <R>(read: () => Promise<R>) => Promise<R>;
  /** How many are asked at the same time. */
  together: number;
  use: AwsUse;
  viewer: Viewer;
  expiry: Expiry;
  now: Date;
  inTurn: () => Promise<void>;
  /** The same. Rejects with an `OverloadedError` if the client has left, or the operation's time is over. */
  inTurnAndTime: () => Promise<void>;
};
