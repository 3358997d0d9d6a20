import type { AccountRegion } from '../aws/account-region.ts';
import type { Clock } from '../clock.ts';
import { lazyFor } from '../maybe-promise.ts';
import type { Expiry } from './client-certificates/client-certificate.ts';
import {
  type ClientCertificatesIn,
  createClientCertificates,
} from './client-certificates/client-certificates.ts';
import type { AllKnowledge } from './knowledge.ts';
import type { Operation } from './operation.ts';
import { type ApiStagesIn, createApiStages, stagesFor } from './stages/api-stages.ts';

/** What one operation can ask of and do in an account and region. */
export type Doors = { clientCertificates: ClientCertificatesIn; apiStages: ApiStagesIn };

export type DoorsOptions = {
  knowledge: AllKnowledge;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'wait'>;
};

/** Called once per process, because operations share what was parsed. Returns the factory for an operation. */
export function createDoors({
  knowledge,
  clock,
}: DoorsOptions): (accountRegion: AccountRegion, operation: Operation & { expiry: Expiry }) => Doors {
  const clientCertificatesIn = lazyFor((accountRegion: AccountRegion) =>
    createClientCertificates({
      cache: knowledge.of(accountRegion).certificates,
      accountRegion,
      wait: clock.wait,
    }),
  );
  return (accountRegion, operation) => {
    const index = knowledge.of(accountRegion).stageIndex;
    const { stages, renewStages } = stagesFor(operation.aws.use, index);
    const clientCertificates = clientCertificatesIn(accountRegion)({
      ...operation,
      usageOf: ({ clientCertificateId }) => stages().usageOf(clientCertificateId),
    });
    const apiStages = createApiStages({
      ...operation,
      accountRegion,
      stages,
      renewStages,
      index,
      clock,
      clientCertificates,
    });
    return { clientCertificates, apiStages };
  };
}
