import { GetApisCommand, GetStagesCommand, type Stage } from '@aws-sdk/client-apigatewayv2';
import type { AwsCalls } from '../../aws/calls.ts';
import { MAX_PAGE_SIZE } from '../../relay/page-size.ts';
import { allItems } from '../all-items.ts';
import type { StageFacts } from './api-stage.ts';
import { type StageSource, toFacts, toPage, toText } from './source.ts';

/** AWS's model has a text here, and documents no maximum. */
const MaxResults = String(MAX_PAGE_SIZE);

/** WebSocket APIs. AWS lists them together with HTTP APIs, which are left out: their stages have no client certificates. */
export const webSocketSource = (send: AwsCalls['v2']['write']): StageSource => ({
  apis: async () => {
    const found = await allItems((NextToken) =>
      send(new GetApisCommand({ MaxResults, NextToken })).then(pageOf),
    );
    return found
      .filter(({ ProtocolType }) => toText(ProtocolType) === 'WEBSOCKET')
      .map(({ ApiId, Name }) => ({ apiId: toText(ApiId), name: Name ?? '', protocol: 'WEBSOCKET' }));
  },
  stagesOf: async ({ apiId: ApiId }) => {
    const found = await allItems((NextToken) =>
      send(new GetStagesCommand({ ApiId, MaxResults, NextToken })).then(pageOf),
    );
    return found.map(toWebSocketStage);
  },
});

export const toWebSocketStage = ({
  StageName,
  ClientCertificateId,
  LastUpdatedDate,
  ApiGatewayManaged,
}: Partial<Stage>): StageFacts => ({
  ...toFacts(StageName, ClientCertificateId, LastUpdatedDate),
  ...(ApiGatewayManaged === true && { isManaged: true }),
});

const pageOf = <T>({ Items, NextToken }: { Items?: T[] | undefined; NextToken?: string | undefined }) =>
  toPage(Items, NextToken);
