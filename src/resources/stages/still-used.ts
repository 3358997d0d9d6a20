import { throwIfInvalid } from '../../errors/input-issues.ts';
import { parseIdArgument } from '../client-certificates/id.ts';
import type { ApiStage } from './api-stage.ts';
import { CertificateInUseError } from './certificate-in-use.ts';
import type { Moves } from './moves.ts';
import { createStageAccess, type StageAccessOptions } from './stage-access.ts';
import type { StageIndex } from './stage-index.ts';

export type StillUsedOptions = StageAccessOptions & {
  index: Pick<StageIndex, 'snapshot' | 'isCurrent'>;
  moves: Pick<Moves, 'to' | 'beginDelete'>;
};

/** One call must be left for what is to be done then. */
const CALLS_LEFT = 2;

/**
 * Deletes a certificate. Rejects with a `CertificateInUseError` unless all stages were read not too long ago and none uses it, or is about
 * to. Those that are known to use it are read again before. Where AWS does not show one, or no call is left for it, what was known counts.
 */
export async function deleteIfUnused(
  options: StillUsedOptions,
  id: string,
  run: () => Promise<string>,
): Promise<string> {
  const { index, moves, accountRegion, aws, clock } = options;
  const { clientCertificateId, issues } = parseIdArgument(accountRegion.region, id, ['input', 'id']);
  throwIfInvalid(issues);
  const access = createStageAccess(options);
  const users = () =>
    index
      .snapshot()
      .ofCertificate(clientCertificateId)
      .map(({ node }) => node);
  for (const stage of users()) if (aws.left().calls >= CALLS_LEFT) await access.read(stage);
  const found = [...moves.to(clientCertificateId), ...users()];
  const stages: ApiStage[] = Array.from(new Map(found.map((stage) => [stage.arn, stage])).values());
  const { index: state } = index.snapshot();
  const isKnown = state.complete && index.isCurrent(clock.elapsedMs());
  if (stages.length > 0 || !isKnown) throw new CertificateInUseError(stages, state);
  const end = moves.beginDelete(clientCertificateId); // in the same turn as the question who is about to use it
  return run().finally(end);
}
