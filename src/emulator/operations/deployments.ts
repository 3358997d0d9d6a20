import type { CreateDeploymentRequest, GetDeploymentsRequest } from '@aws-sdk/client-api-gateway';
import { type AccountRegion, epochSeconds, newId } from '../account-region.ts';
import { recorded } from '../errors/rest-apis.ts';
import { chosen as anyChosen } from '../errors.ts';
import type { Deployment, Resource } from '../store/rest-apis.ts';
import { pageOf } from './pages.ts';
import { getRestApi } from './rest-apis.ts';
import { createStage } from './stages.ts';

/**
 * Keeps the resources as they are now. With `stageName`, that stage gets the deployment, and is
 * made if needed.
 */
export function createDeployment(accountRegion: AccountRegion, input: CreateDeploymentRequest): Deployment {
  const { restApiId = '', stageName, description } = input;
  const { deployments, deployedResources, resources } = accountRegion.store.restApis;
  const api = getRestApi(accountRegion, restApiId);
  if (input.canarySettings) throw anyChosen.notEmulated('canarySettings');
  const deployed = resources.all(api.id);
  checkIntegrations(deployed);
  const id = newId((taken) => deployments.get(api.id, taken) !== undefined);
  const deployment = { id, description, createdDate: epochSeconds(accountRegion.now()) };
  deployments.insert(api.id, id, deployment);
  deployedResources.insert(api.id, id, deployed);
  if (stageName) deployTo(accountRegion, deployment, { ...input, stageName });
  return deployment;
}

function checkIntegrations(resources: Resource[]): void {
  const methods = resources.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods));
  if (methods.length === 0) throw recorded.noMethods();
  if (methods.some(({ methodIntegration }) => !methodIntegration)) throw recorded.noIntegration();
}

function deployTo(
  accountRegion: AccountRegion,
  { id, createdDate }: Deployment,
  { restApiId = '', stageName, stageDescription, ...input }: CreateDeploymentRequest & { stageName: string },
): void {
  const { stages } = accountRegion.store.restApis;
  const stage = stages.get(restApiId, stageName);
  if (stage) stages.set(restApiId, stageName, { ...stage, deploymentId: id, lastUpdatedDate: createdDate });
  else
    createStage(accountRegion, {
      ...input,
      restApiId,
      stageName,
      description: stageDescription,
      deploymentId: id,
    });
}

export function getDeployments(accountRegion: AccountRegion, request: GetDeploymentsRequest) {
  const { id } = getRestApi(accountRegion, request.restApiId ?? '');
  const { deployments } = accountRegion.store.restApis;
  return pageOf(
    request,
    (limit, afterId) => deployments.page(id, limit, afterId),
    (deployment) => deployment.id,
  );
}
