import { CertwayError } from '../../errors/errors.ts';
import type { ApiStage } from './api-stage.ts';
import type { IndexState } from './snapshot.ts';

/** A stage uses the certificate, or that cannot be ruled out yet. */
export class CertificateInUseError extends CertwayError {
  override readonly name = 'CertificateInUseError';
  readonly code = 'CONFLICT';
  /** The stages that are known to use it. */
  readonly stages: ApiStage[];
  readonly index: IndexState;

  constructor(stages: ApiStage[], index: IndexState) {
    super(messageOf(stages.length, index), { extensions: { code: 'CONFLICT' } });
    this.stages = stages;
    this.index = index;
  }
}

const WAY_OUT = 'With `evenIfUsed: true` it is deleted all the same.';

function messageOf(count: number, { apis, apisRead, complete }: IndexState): string {
  if (count > 0)
    return `The client certificate is used by ${count === 1 ? 'a stage' : `${count} stages`}. ${WAY_OUT}`;
  if (complete)
    return `AWS was read too long ago to rule out that a stage uses the client certificate. ${WAY_OUT}`;
  return `Not all stages have been read yet (${apisRead} of ${apis} known APIs), so one of them may use the client certificate. ${WAY_OUT}`;
}
