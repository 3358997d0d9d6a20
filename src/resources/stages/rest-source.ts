import { GetRestApisCommand, GetStagesCommand, type Stage } from '@aws-sdk/client-api-gateway';
import type { AwsCalls } from '../../aws/calls.ts';
import type { StageFacts } from './api-stage.ts';
import { allOf, LIMIT, type StageSource, toFacts, toText } from './source.ts';

/** REST APIs: one call for 500 of them, and one for all stages of an API. */
export const restSource = (send: AwsCalls['write']): StageSource => ({
  apis: async () => {
    const found = await allOf((position) =>
      send(new GetRestApisCommand({ limit: LIMIT, position })).then(toPage),
    );
    return found.map(({ id, name }) => ({ apiId: toText(id), name: name ?? '', protocol: 'REST' }));
  },
  stagesOf: async ({ apiId }) => {
    const { item } = await send(new GetStagesCommand({ restApiId: apiId })); // AWS has no pages of them
    return (item ?? []).map(toRestStage);
  },
});

export const toRestStage = ({ stageName, clientCertificateId, lastUpdatedDate }: Stage): StageFacts =>
  toFacts(stageName, clientCertificateId, lastUpdatedDate);

const toPage = <T>({ items, position }: { items?: T[] | undefined; position?: string | undefined }) => ({
  items,
  position,
});
