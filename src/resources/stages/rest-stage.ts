import { GetStageCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import type { AwsCalls } from '../../aws/calls.ts';
import { toRestStage } from './rest-source.ts';
import type { OneStage } from './source.ts';

export const restStage = (send: AwsCalls['write']): OneStage => ({
  read: async ({ api: { apiId: restApiId }, name: stageName }) =>
    toRestStage(await send(new GetStageCommand({ restApiId, stageName }))),
  write: async ({ api: { apiId: restApiId }, name: stageName }, value) => {
    const patchOperations = [{ op: 'replace' as const, path: '/clientCertificateId', value }];
    return toRestStage(await send(new UpdateStageCommand({ restApiId, stageName, patchOperations })));
  },
});
