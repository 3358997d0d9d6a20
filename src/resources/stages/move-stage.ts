import { CertwayError, ConflictError, NotFoundError, UpstreamError } from '../../errors/errors.ts';
import type { Clock } from '../../time/clock.ts';
import type { ApiStage } from './api-stage.ts';
import type { Moves } from './moves.ts';
import { createStageAccess, type StageAccessOptions } from './stage-access.ts';

export type StageReplacementStatus =
  | 'PLANNED'
  | 'REPLACED'
  | 'ALREADY_REPLACED'
  | 'CHANGED_MEANWHILE'
  | 'GONE'
  | 'FAILED'
  | 'NOT_TRIED';

/** What came of one stage: the stage as it was seen last, and why it failed. */
export type StageReplacement = {
  stage: ApiStage;
  status: StageReplacementStatus;
  error: StageReplacementError | null;
};

/** No `Error`, which GraphQL would take for one of the field. */
export type StageReplacementError = { code: CertwayError['code']; message: string };

export type StageMoverOptions = StageAccessOptions & {
  moves: Pick<Moves, 'begin' | 'isDeleting'>;
  clock: Pick<Clock, 'wait'>;
};

/** AWS's ids of the certificate that a stage has, and of the one that it is to have. */
export type Move = { from: string; to: string };

/** A read, a write, and a read to see what came of a write without an answer. */
const CALLS = 3;

/** With less time left, no stage is begun, so that AWS has some to answer in. */
const LEAST_MS = 2000;

/** The pauses after a refusal because of a concurrent change, and after a throttle. */
const CONFLICT_PAUSES_MS = [500, 1000, 2000];
const THROTTLE_PAUSES_MS = [1000, 2000, 4000, 8000];

/** AWS has other conflicts, which do not pass. */
const PASSING = /try again later/i;

/**
 * Puts another certificate on a stage that has a certain one. AWS cannot compare and set, so the stage is read right before it
 * is written, and again before each further attempt: a stage that someone has changed in between is left alone.
 */
export function createStageMover(options: StageMoverOptions) {
  const { aws, moves, clock } = options;
  const { read, write, doubt } = createStageAccess(options);

  async function attempt(stage: ApiStage, { from, to }: Move): Promise<StageReplacement> {
    const before = await read(stage);
    if (before instanceof CertwayError) return unread(stage, before);
    if (before.certificateReference !== from) return seen(before, to, 'ALREADY_REPLACED');
    if (moves.isDeleting(to)) return failed(before, beingDeleted());
    const end = moves.begin(before, to);
    return put(before, { from, to }).finally(end);
  }

  /** Says what came of it, and leaves it in the index, or a doubt. */
  async function put(stage: ApiStage, { from, to }: Move): Promise<StageReplacement> {
    const after = await write(stage, to);
    if (!(after instanceof CertwayError)) return seen(after, to, 'REPLACED');
    if (!isUnclear(after)) return failed(stage, after);
    const now = await read(stage);
    if (now instanceof NotFoundError) return unread(stage, now);
    const isUnread = now instanceof CertwayError;
    const isMissing = after instanceof NotFoundError;
    const missing = isUnread ? 'stage or client certificate' : 'client certificate';
    const outcome =
      isUnread || now.certificateReference === from
        ? failed(stage, isMissing ? new NotFoundError(missing) : after)
        : seen(now, to, 'REPLACED');
    if (outcome.status !== 'REPLACED' && !isMissing) await doubt(stage); // AWS may still do it
    return outcome;
  }

  /** Whether there is enough left of the operation for a stage, and for a pause before it. */
  function hasRoom(pauseMs = 0): boolean {
    const { calls, ms } = aws.left();
    return calls >= CALLS && ms >= pauseMs + LEAST_MS;
  }

  /** `NOT_TRIED` means that there is no room for the next stage either. */
  return async (stage: ApiStage, move: Move): Promise<StageReplacement> => {
    const pauses = { conflict: CONFLICT_PAUSES_MS.values(), throttle: THROTTLE_PAUSES_MS.values() };
    while (hasRoom()) {
      const outcome = await attempt(stage, move);
      const passing = outcome.error && passingKindOf(outcome.error);
      if (!passing) return outcome;
      const pauseMs = pauses[passing].next().value;
      if (pauseMs === undefined || !hasRoom(pauseMs))
        return passing === 'conflict' ? outcome : { stage: outcome.stage, status: 'NOT_TRIED', error: null };
      await clock.wait(pauseMs);
    }
    return { stage, status: 'NOT_TRIED', error: null };
  };
}

const beingDeleted = () => new ConflictError('The new client certificate is being deleted.');

/** A stage that cannot be read. */
const unread = (stage: ApiStage, error: CertwayError): StageReplacement =>
  error instanceof NotFoundError ? { stage, status: 'GONE', error: null } : failed(stage, error);

const failed = (stage: ApiStage, { code, message }: CertwayError): StageReplacement => ({
  stage,
  status: 'FAILED',
  error: { code, message },
});

const seen = (stage: ApiStage, to: string, status: StageReplacementStatus): StageReplacement => ({
  stage,
  status: stage.certificateReference === to ? status : 'CHANGED_MEANWHILE',
  error: null,
});

/** Why nothing was done now, but may be soon. */
function passingKindOf({ code, message }: StageReplacementError): 'conflict' | 'throttle' | undefined {
  if (code === 'THROTTLED' || code === 'TOO_MANY_UPSTREAM_CALLS') return 'throttle';
  return code === 'CONFLICT' && PASSING.test(message) ? 'conflict' : undefined;
}

/** Whether only a read tells what came of a write. AWS may not find the stage, or not the certificate. */
const isUnclear = (error: CertwayError): boolean =>
  error instanceof NotFoundError || (error instanceof UpstreamError && error.mayHaveHappened);
