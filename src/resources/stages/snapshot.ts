import { lazy } from '../../maybe-promise.ts';
import type { Placed } from '../../relay/list.ts';
import type { ClientCertificateUsage } from '../client-certificates/client-certificate.ts';
import type { ApiStage } from './api-stage.ts';
import { clientCertificateIdOf } from './list.ts';

/** How much of AWS has been read. */
export type IndexState = {
  /** The number of REST and WebSocket APIs that are known. */
  apis: number;
  /** How many of them have been read. */
  apisRead: number;
  /** Whether all APIs are known, and all have been read. */
  complete: boolean;
  /** When the API was read whose reading is the oldest. */
  oldestReadAt: Date | null;
};

/** What is known of all stages at one moment. It never changes. */
export type StageSnapshot = {
  index: IndexState;
  /** All stages, in the order of the list. */
  stages: Placed<ApiStage>[];
  find(arn: string): ApiStage | null;
  /** The stages that use the client certificate with AWS's id, in the order of the list. */
  ofCertificate(clientCertificateId: string): Placed<ApiStage>[];
  /** The number of stages of each client certificate that is used. */
  counts(): Map<string, number>;
  usageOf(clientCertificateId: string): ClientCertificateUsage;
};

/** `stages` are in the order of the list. What is looked up is prepared at the first time: there may be thousands. */
export function createStageSnapshot(index: IndexState, stages: Placed<ApiStage>[]): StageSnapshot {
  const byArn = lazy(() => new Map(stages.map(({ node }) => [node.arn, node])));
  const byCertificate = lazy(() => {
    const groups = Map.groupBy(stages, ({ node }) => clientCertificateIdOf(node));
    groups.delete(undefined);
    return groups as Map<string, Placed<ApiStage>[]>;
  });
  return {
    index,
    stages,
    find: (arn) => byArn().get(arn) ?? null,
    ofCertificate: (id) => byCertificate().get(id) ?? [],
    counts: () => new Map(Array.from(byCertificate(), ([id, { length }]) => [id, length])),
    usageOf: (id) => {
      if (byCertificate().has(id)) return 'IN_USE';
      return index.complete ? 'UNUSED' : 'UNKNOWN';
    },
  };
}
