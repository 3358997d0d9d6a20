import { GetStageCommand, UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import type { AwsCalls } from '../../aws/calls.ts';
import type { OneStage } from './source.ts';
import { toWebSocketStage } from './web-socket-source.ts';

/** What a request leaves out, stays as it is. */
export const webSocketStage = (send: AwsCalls['v2']['write']): OneStage => ({
  read: async ({ api: { apiId: ApiId }, name: StageName }) =>
    toWebSocketStage(await send(new GetStageCommand({ ApiId, StageName }))),
  write: async ({ api: { apiId: ApiId }, name: StageName }, ClientCertificateId) =>
    toWebSocketStage(await send(new UpdateStageCommand({ ApiId, StageName, ClientCertificateId }))),
});
