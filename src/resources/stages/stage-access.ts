import type { AccountRegion } from '../../aws/account-region.ts';
import type { AwsCalls } from '../../aws/calls.ts';
import { CertwayError, NotFoundError } from '../../errors/errors.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { Clock } from '../../time/clock.ts';
import { type ApiStage, type StageFacts, toApiStage } from './api-stage.ts';
import type { Moment } from './known-api.ts';
import { restStage } from './rest-stage.ts';
import type { StageIndex } from './stage-index.ts';
import { webSocketStage } from './web-socket-stage.ts';

export type StageAccessOptions = {
  aws: AwsCalls;
  accountRegion: AccountRegion;
  /** It is told of every answer of AWS. */
  index: Pick<StageIndex, 'note' | 'stageGone' | 'doubt'>;
  clock: Pick<Clock, 'now' | 'elapsedMs'>;
};

/** Single stages of AWS, within the time of the operation. In place of an answer there is the reason why there is none. */
export type StageAccess = {
  /** A `NotFoundError` if the stage or its API does not exist. */
  read(stage: ApiStage): Promise<ApiStage | CertwayError>;
  /** Puts a client certificate on it, and changes nothing else. */
  write(stage: ApiStage, clientCertificateId: string): Promise<ApiStage | CertwayError>;
  /** It is not known what came of a write. */
  doubt(stage: ApiStage): MaybePromise<void>;
};

export function createStageAccess({ aws, accountRegion, index, clock }: StageAccessOptions): StageAccess {
  const of = { REST: restStage(aws.write), WEBSOCKET: webSocketStage(aws.v2.write) };

  const momentNow = (): Moment => ({ atMs: clock.elapsedMs(), at: clock.now() });

  async function noted(
    stage: ApiStage,
    facts: StageFacts | CertwayError,
    moment: Moment,
  ): Promise<ApiStage | CertwayError> {
    if (facts instanceof CertwayError) return facts;
    await index.note(stage.api, facts, moment, aws.use.patience?.wait);
    return toApiStage(accountRegion, stage.api, facts, moment.at);
  }

  return {
    read: async (stage) => {
      const asked = momentNow();
      const answer = await of[stage.api.protocol].read(stage).catch(certwayError);
      if (answer instanceof NotFoundError)
        await index.stageGone(stage.api, stage.name, asked, aws.use.patience?.wait);
      return noted(stage, answer, asked);
    },
    /** What is read is as old as the question. What is written is there when AWS answers, whatever was read meanwhile. */
    write: async (stage, clientCertificateId) => {
      const answer = await of[stage.api.protocol].write(stage, clientCertificateId).catch(certwayError);
      return noted(stage, answer, momentNow());
    },
    doubt: (stage) => index.doubt(stage.api, momentNow(), aws.use.patience?.wait),
  };
}

function certwayError(error: unknown): CertwayError {
  if (error instanceof CertwayError) return error;
  throw error;
}
