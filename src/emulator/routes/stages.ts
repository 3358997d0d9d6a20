import type { CacheClusterSize } from '@aws-sdk/client-api-gateway';
import * as operations from '../operations/stages.ts';
import {
  boolean,
  type EmulatorRequest,
  label,
  patchOperations,
  string,
  stringMap,
  structure,
} from '../request.ts';
import { noBody, type Route, route } from '../route.ts';
import * as views from '../views/stages.ts';

const STAGES = '/restapis/{restApiId}/stages';
const STAGE = '/restapis/{restApiId}/stages/{stageName}';

/** The stages of REST APIs. */
export const stageRoutes: Route[] = [
  route('CreateStage', 'POST', STAGES, 201, views.stage, (accountRegion, request) => {
    const { body } = request;
    return operations.createStage(accountRegion, {
      restApiId: label(request, 'restApiId'),
      stageName: string(body['stageName']),
      deploymentId: string(body['deploymentId']),
      description: string(body['description']),
      cacheClusterEnabled: boolean(body['cacheClusterEnabled']),
      cacheClusterSize: string(body['cacheClusterSize']) as CacheClusterSize | undefined,
      variables: stringMap(body['variables']),
      documentationVersion: string(body['documentationVersion']),
      canarySettings: structure(body['canarySettings']),
      tracingEnabled: boolean(body['tracingEnabled']),
      tags: stringMap(body['tags']),
    });
  }),
  route('GetStages', 'GET', STAGES, 200, views.stages, (accountRegion, request) =>
    operations.getStages(accountRegion, {
      restApiId: label(request, 'restApiId'),
      // HAL samples write `deployment_id`, SDKs send `deploymentId`.
      deploymentId: request.query.get('deploymentId') ?? request.query.get('deployment_id') ?? undefined,
    }),
  ),
  route('GetStage', 'GET', STAGE, 200, views.stage, (accountRegion, request) =>
    operations.getStage(accountRegion, stageOf(request)),
  ),
  route('UpdateStage', 'PATCH', STAGE, 200, views.stage, (accountRegion, request) =>
    operations.updateStage(accountRegion, {
      ...stageOf(request),
      patchOperations: patchOperations(request.body['patchOperations']),
    }),
  ),
  route('DeleteStage', 'DELETE', STAGE, 202, noBody, (accountRegion, request) =>
    operations.deleteStage(accountRegion, stageOf(request)),
  ),
];

const stageOf = (request: EmulatorRequest) => ({
  restApiId: label(request, 'restApiId'),
  stageName: label(request, 'stageName'),
});
