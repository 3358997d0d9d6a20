import { requiring, requiringAsync } from '../../../auth/viewer.ts';
import type { Merge } from '../../../relay/merge.ts';
import type { Locate } from '../../client-certificates/everywhere/locate.ts';
import type { Snapshots } from '../../client-certificates/everywhere/snapshots.ts';
import { throwIfElsewhere } from '../../everywhere/elsewhere.ts';
import type { Home } from '../../everywhere/home.ts';
import { identifyNamed } from '../../everywhere/identify-named.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import type { ApiStage } from '../api-stage.ts';
import type { ApiStages } from '../api-stages.ts';
import { createStageChanges } from './changes.ts';
import { stagesEverywhere } from './connection.ts';
import { locateStage, parseStageAddress } from './locate.ts';

export type ApiStagesEverywhereOptions = {
  operation: OperationEverywhere;
  homeOf: Home;
  snapshots: Snapshots;
  locate: Locate;
  merge: Merge<ApiStage>;
};

/** The stages of all accounts and regions. Each is asked and changed through the door of its own. */
export function createApiStagesEverywhere(options: ApiStagesEverywhereOptions): ApiStages {
  const { operation, homeOf, locate } = options;
  const { doorsIn, stagesIn, viewer } = operation;
  const changes = createStageChanges(operation, locate);

  async function find(id: string, path: string[]): Promise<ApiStage | null> {
    const { located, issues } = await locateStage(operation, id, path);
    throwIfElsewhere(issues, parseStageAddress(id) !== undefined);
    return located?.stage ?? null;
  }

  const reading = requiring(viewer, 'client-certificates:read');
  const writing = requiringAsync(viewer, 'stages:write', 'client-certificates:read');
  const deleting = requiringAsync(viewer, 'client-certificates:write');
  return {
    find: reading(find),
    list: reading((args) => identifyNamed(operation, args.filter, () => stagesEverywhere(options, args))),
    ofCertificate: reading((certificate, args) =>
      doorsIn(homeOf(certificate)).apiStages.ofCertificate(certificate, args),
    ),
    usageOf: reading((certificate) => stagesIn(homeOf(certificate)).usageOf(certificate.clientCertificateId)),
    certificateOf: reading((stage) => doorsIn(homeOf(stage)).apiStages.certificateOf(stage)),
    test: writing(changes.test),
    replace: writing(changes.replace),
    deleteIfUnused: deleting(changes.deleteIfUnused),
    shown: reading((error) => error),
    expectedRegion: () => undefined,
  };
}
