import type { AwsCalls } from '../../aws/calls.ts';
import type { Clock } from '../../clock.ts';
import { CertwayError, NotFoundError } from '../../errors.ts';
import { type ApiStage, type StageFacts, toApiStage } from './api-stage.ts';
import { restStage } from './rest-stage.ts';
import type { StageIndex } from './stage-index.ts';
import { webSocketStage } from './web-socket-stage.ts';

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

export type StageMoverOptions = {
  aws: AwsCalls;
  region: string;
  /** It is told of every answer of AWS. */
  index: Pick<StageIndex, 'note' | 'stageGone'>;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'wait'>;
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
export function createStageMover({ aws, region, index, clock }: StageMoverOptions) {
  const stages = { REST: restStage(aws.write), WEBSOCKET: webSocketStage(aws.v2.write) };

  async function ask(stage: ApiStage, answer: () => Promise<StageFacts>): Promise<ApiStage | CertwayError> {
    const moment = { atMs: clock.elapsedMs(), at: clock.now() };
    const facts = await answer().catch(certwayError);
    if (facts instanceof CertwayError) return facts;
    index.note(stage.api, facts, moment);
    return toApiStage(region, stage.api, facts, moment.at);
  }

  const read = (stage: ApiStage) => ask(stage, () => stages[stage.api.protocol].read(stage));

  function failed(stage: ApiStage, error: CertwayError): StageReplacement {
    if (!(error instanceof NotFoundError)) return failure(stage, error);
    index.stageGone(stage.api, stage.name);
    return { stage, status: 'GONE', error: null };
  }

  async function attempt(stage: ApiStage, { from, to }: Move): Promise<StageReplacement> {
    const before = await read(stage);
    if (before instanceof CertwayError) return failed(stage, before);
    if (before.certificateReference !== from) return seen(before, to, 'ALREADY_REPLACED');
    const after = await ask(stage, () => stages[stage.api.protocol].write(stage, to));
    if (!(after instanceof CertwayError)) return seen(after, to, 'REPLACED');
    if (!isUnclear(after)) return failure(before, after);
    const now = await read(stage);
    if (now instanceof NotFoundError) return failed(stage, now);
    if (now instanceof CertwayError || now.certificateReference === from) return failure(before, after);
    return seen(now, to, 'REPLACED');
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

const failure = (stage: ApiStage, { code, message }: CertwayError): StageReplacement => ({
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
const isUnclear = ({ code }: CertwayError): boolean =>
  ['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'NOT_FOUND'].includes(code);

function certwayError(error: unknown): CertwayError {
  if (error instanceof CertwayError) return error;
  throw error;
}
