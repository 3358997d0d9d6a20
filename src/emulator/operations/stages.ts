import type {
  CreateStageRequest,
  GetStageRequest,
  GetStagesRequest,
  UpdateStageRequest,
} from '@aws-sdk/client-api-gateway';
import { type AccountRegion, epochSeconds } from '../account-region.ts';
import { chosen, recorded } from '../errors/rest-apis.ts';
import { chosen as anyChosen } from '../errors.ts';
import { checkFaultTag } from '../fault.ts';
import type { Stage } from '../store/rest-apis.ts';
import { getRestApi } from './rest-apis.ts';
import { checkModel, checkTags, whereAny } from './rules.ts';
import { stageAfter } from './stage-patch.ts';

/** AWS's default quota for the stages of an API. */
const MAX_STAGES = 10;

const STAGE_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

export function createStage(accountRegion: AccountRegion, input: CreateStageRequest): Stage {
  const { restApiId = '', stageName = '', deploymentId = '', variables = {}, tags = {} } = input;
  const { deployments, stages } = accountRegion.store.restApis;
  const api = getRestApi(accountRegion, restApiId);
  if (!STAGE_NAME.test(stageName)) throw recorded.stageName();
  if (input.canarySettings) throw anyChosen.notEmulated('canarySettings');
  checkTags(tags);
  if (!deployments.get(api.id, deploymentId)) throw recorded.deploymentNotFound();
  if (stages.get(api.id, stageName)) throw chosen.stageExists();
  if (stages.count(api.id) >= MAX_STAGES) throw chosen.stageQuota();
  const stage: Stage = {
    ...emptyStage(stageName, deploymentId, epochSeconds(accountRegion.now())),
    description: input.description,
    ...cacheOf(input.cacheClusterEnabled ?? false, input.cacheClusterSize),
    variables: whereAny(variables),
    documentationVersion: input.documentationVersion,
    tracingEnabled: input.tracingEnabled ?? false,
    tags: whereAny(tags),
  };
  stages.insert(api.id, stageName, stage);
  return stage;
}

/** A stage without settings, variables or tags, which has none of these members, as on AWS. */
export const emptyStage = (stageName: string, deploymentId: string, createdDate: number): Stage => ({
  stageName,
  deploymentId,
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
  methodSettings: {},
  tracingEnabled: false,
  createdDate,
  lastUpdatedDate: createdDate,
});

/** All stages in one answer. This operation has no pages on AWS. */
export function getStages(
  accountRegion: AccountRegion,
  { restApiId = '', deploymentId }: GetStagesRequest,
): { item: Stage[] } {
  const { id } = getRestApi(accountRegion, restApiId);
  const all = accountRegion.store.restApis.stages.all(id);
  return { item: deploymentId ? all.filter((stage) => stage.deploymentId === deploymentId) : all };
}

export function getStage(
  accountRegion: AccountRegion,
  { restApiId = '', stageName = '' }: GetStageRequest,
): Stage {
  const { id } = getRestApi(accountRegion, restApiId);
  const stage = accountRegion.store.restApis.stages.get(id, stageName);
  if (!stage) throw recorded.stageNotFound();
  return stage;
}

/**
 * Applies all patch operations or none. Whether AWS applies those before a failing one is not
 * known.
 */
export function updateStage(accountRegion: AccountRegion, request: UpdateStageRequest): Stage {
  const { restApiId = '', patchOperations = [] } = request;
  checkModel('updateStageInput', patchOperations);
  const before = getStage(accountRegion, request);
  checkFaultTag(before.tags ?? {});
  const { certificates, restApis } = accountRegion.store;
  const after = stageAfter(before, patchOperations, {
    hasDeployment: (id) => restApis.deployments.get(restApiId, id) !== undefined,
    hasCertificate: (id) => certificates.get(id) !== undefined,
  });
  const updated = { ...after, lastUpdatedDate: epochSeconds(accountRegion.now()) };
  restApis.stages.set(restApiId, before.stageName, updated);
  return updated;
}

export function deleteStage(accountRegion: AccountRegion, request: GetStageRequest): void {
  const { stageName, tags = {} } = getStage(accountRegion, request);
  checkFaultTag(tags);
  accountRegion.store.restApis.stages.delete(request.restApiId ?? '', stageName);
}

const cacheOf = (cacheClusterEnabled: boolean, cacheClusterSize?: string) => ({
  cacheClusterEnabled,
  cacheClusterSize,
  cacheClusterStatus: cacheClusterEnabled ? ('AVAILABLE' as const) : ('NOT_AVAILABLE' as const),
});
