import { GetRestApisCommand, GetStagesCommand, type Stage } from '@aws-sdk/client-api-gateway';
import type { AwsCalls } from '../../aws/calls.ts';
import { MAX_PAGE_SIZE } from '../../relay/page-size.ts';
import { allItems } from '../all-items.ts';
import type { StageFacts } from './api-stage.ts';
import { type StageSource, toFacts, toPage, toText } from './source.ts';

/** REST APIs: one call for 500 of them, and one for all stages of an API. */
export const restSource = (send: AwsCalls['write']): StageSource => ({
  apis: async () => {
    const found = await allItems((position) =>
      send(new GetRestApisCommand({ limit: MAX_PAGE_SIZE, position })).then(({ items, position }) =>
        toPage(items, position),
      ),
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
