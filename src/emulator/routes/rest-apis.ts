import type { ApiKeySourceType, CacheClusterSize, EndpointConfiguration } from '@aws-sdk/client-api-gateway';
import { createDeployment, getDeployments } from '../operations/deployments.ts';
import * as operations from '../operations/rest-apis.ts';
import { boolean, integer, label, string, stringMap, strings, structure, wholeNumber } from '../request.ts';
import { noBody, type Route, route } from '../route.ts';
import * as ofDeployments from '../views/deployments.ts';
import * as views from '../views/rest-apis.ts';

const APIS = '/restapis';
const API = '/restapis/{restApiId}';
const DEPLOYMENTS = '/restapis/{restApiId}/deployments';

export const restApiRoutes: Route[] = [
  route('CreateRestApi', 'POST', APIS, 201, views.restApi, (accountRegion, { body }) =>
    operations.createRestApi(accountRegion, {
      name: string(body['name']),
      description: string(body['description']),
      version: string(body['version']),
      cloneFrom: string(body['cloneFrom']),
      binaryMediaTypes: strings(body['binaryMediaTypes']),
      minimumCompressionSize: wholeNumber(body['minimumCompressionSize']),
      apiKeySource: string(body['apiKeySource']) as ApiKeySourceType | undefined,
      endpointConfiguration: endpoint(body['endpointConfiguration']),
      policy: string(body['policy']),
      tags: stringMap(body['tags']),
      disableExecuteApiEndpoint: boolean(body['disableExecuteApiEndpoint']),
    }),
  ),
  route('GetRestApis', 'GET', APIS, 200, views.restApis, (accountRegion, { query }) =>
    operations.getRestApis(accountRegion, pageRequest(query)),
  ),
  route('GetRestApi', 'GET', API, 200, views.restApi, (accountRegion, request) =>
    operations.getRestApi(accountRegion, label(request, 'restApiId')),
  ),
  route('DeleteRestApi', 'DELETE', API, 202, noBody, (accountRegion, request) =>
    operations.deleteRestApi(accountRegion, label(request, 'restApiId')),
  ),
  route('CreateDeployment', 'POST', DEPLOYMENTS, 201, ofDeployments.deployment, (accountRegion, request) => {
    const { body } = request;
    return createDeployment(accountRegion, {
      restApiId: label(request, 'restApiId'),
      stageName: string(body['stageName']),
      stageDescription: string(body['stageDescription']),
      description: string(body['description']),
      cacheClusterEnabled: boolean(body['cacheClusterEnabled']),
      cacheClusterSize: string(body['cacheClusterSize']) as CacheClusterSize | undefined,
      variables: stringMap(body['variables']),
      canarySettings: structure(body['canarySettings']),
      tracingEnabled: boolean(body['tracingEnabled']),
    });
  }),
  route('GetDeployments', 'GET', DEPLOYMENTS, 200, ofDeployments.deployments, (accountRegion, request) =>
    getDeployments(accountRegion, { restApiId: label(request, 'restApiId'), ...pageRequest(request.query) }),
  ),
];

export const pageRequest = (query: URLSearchParams) => ({
  limit: integer(query.get('limit')),
  position: query.get('position') ?? undefined,
});

function endpoint(value: unknown): EndpointConfiguration | undefined {
  const members = structure(value);
  return (
    members && {
      types: strings(members['types']) as EndpointConfiguration['types'],
      ipAddressType: string(members['ipAddressType']) as EndpointConfiguration['ipAddressType'],
      vpcEndpointIds: strings(members['vpcEndpointIds']),
    }
  );
}
