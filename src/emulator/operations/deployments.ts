import type { CreateDeploymentRequest, GetDeploymentsRequest } from '@aws-sdk/client-api-gateway';
import { type Account, epochSeconds, newId } from '../account.ts';
import { recorded } from '../errors/rest-apis.ts';
import { chosen as anyChosen } from '../errors.ts';
import type { Deployment } from '../store/rest-apis.ts';
import { pageOf } from './pages.ts';
import { getRestApi } from './rest-apis.ts';
import { createStage } from './stages.ts';

/** Keeps the resources as they are now. With `stageName` a new stage has this deployment, or an old one gets it. */
export function createDeployment(account: Account, input: CreateDeploymentRequest): Deployment {
  const { restApiId = '', stageName, description } = input;
  const { store, now } = account;
  const { deployments, deployedResources, resources, stages } = store.restApis;
  const api = getRestApi(account, restApiId);
  if (input.canarySettings) throw anyChosen.notEmulated('canarySettings');
  const deployed = resources.all(api.id);
  const methods = deployed.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods));
  if (methods.length === 0) throw recorded.noMethods();
  if (methods.some(({ methodIntegration }) => !methodIntegration)) throw recorded.noIntegration();
  const id = newId((taken) => deployments.get(api.id, taken) !== undefined);
  const deployment = { id, description, createdDate: epochSeconds(now()) };
  return store.transaction(() => {
    deployments.insert(api.id, id, deployment);
    deployedResources.insert(api.id, id, deployed);
    if (stageName) {
      const stage = stages.get(api.id, stageName);
      const { stageDescription, ...rest } = input;
      if (stage)
        stages.set(api.id, stageName, {
          ...stage,
          deploymentId: id,
          lastUpdatedDate: deployment.createdDate,
        });
      else createStage(account, { ...rest, stageName, description: stageDescription, deploymentId: id });
    }
    return deployment;
  });
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
