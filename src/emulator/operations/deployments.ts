import type { CreateDeploymentRequest, GetDeploymentsRequest } from '@aws-sdk/client-api-gateway';
import { type Account, epochSeconds, newId } from '../account.ts';
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
export function createDeployment(account: Account, input: CreateDeploymentRequest): Deployment {
  const { restApiId = '', stageName, description } = input;
  const { deployments, deployedResources, resources } = account.store.restApis;
  const api = getRestApi(account, restApiId);
  if (input.canarySettings) throw anyChosen.notEmulated('canarySettings');
  const deployed = resources.all(api.id);
  checkIntegrations(deployed);
  const id = newId((taken) => deployments.get(api.id, taken) !== undefined);
  const deployment = { id, description, createdDate: epochSeconds(account.now()) };
  deployments.insert(api.id, id, deployment);
  deployedResources.insert(api.id, id, deployed);
  if (stageName) deployTo(account, deployment, { ...input, stageName });
  return deployment;
}

function checkIntegrations(resources: Resource[]): void {
  const methods = resources.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods));
  if (methods.length === 0) throw recorded.noMethods();
  if (methods.some(({ methodIntegration }) => !methodIntegration)) throw recorded.noIntegration();
}

function deployTo(
  account: Account,
  { id, createdDate }: Deployment,
  { restApiId = '', stageName, stageDescription, ...input }: CreateDeploymentRequest & { stageName: string },
): void {
  const { stages } = account.store.restApis;
  const stage = stages.get(restApiId, stageName);
  if (stage) stages.set(restApiId, stageName, { ...stage, deploymentId: id, lastUpdatedDate: createdDate });
  else
    createStage(account, { ...input, restApiId, stageName, description: stageDescription, deploymentId: id });
}

export function getDeployments(account: Account, request: GetDeploymentsRequest) {
  const { id } = getRestApi(account, request.restApiId ?? '');
  const { deployments } = account.store.restApis;
  return pageOf(
    request,
    (limit, afterId) => deployments.page(id, limit, afterId),
    (deployment) => deployment.id,
  );
}
