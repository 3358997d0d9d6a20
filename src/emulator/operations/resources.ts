import type {
  CreateResourceRequest,
  GetResourcesRequest,
  PutMethodRequest,
} from '@aws-sdk/client-api-gateway';
import { type AccountRegion, newId } from '../account-region.ts';
import { recorded } from '../errors/rest-apis.ts';
import { ownValue } from '../own-value.ts';
import type { Resource, StoredMethod } from '../store/rest-apis.ts';
import { pageOf } from './pages.ts';
import { getRestApi } from './rest-apis.ts';

/** AWS's default quota for the resources of an API. */
const MAX_RESOURCES = 300;

const PATH_PART = /^([a-zA-Z0-9._-]+|\{[a-zA-Z0-9._-]+\+?\})$/;

/** The methods that a resource can have, and that a backend can be called with. */
export const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'];

/**
 * With `embed=methods`, methods have all their members. Without it, each is an empty object, as on
 * AWS.
 */
export function getResources(accountRegion: AccountRegion, request: GetResourcesRequest) {
  const { restApiId = '', embed = [] } = request;
  const api = getRestApi(accountRegion, restApiId);
  const { resources } = accountRegion.store.restApis;
  const page = pageOf(
    request,
    (limit, afterId) => resources.page(api.id, limit, afterId),
    ({ id }) => id,
  );
  return embed.includes('methods') ? page : { ...page, items: page.items.map(withoutMembersOfMethods) };
}

export function createResource(
  { store }: AccountRegion,
  { restApiId = '', parentId = '', pathPart = '' }: CreateResourceRequest,
): Resource {
  const { resources } = store.restApis;
  const parent = resources.get(restApiId, parentId);
  if (!parent) throw recorded.resourceNotFound();
  if (!PATH_PART.test(pathPart)) throw recorded.pathPart();
  if (parent.pathPart?.endsWith('+}')) throw recorded.greedyParent(parent.pathPart);
  for (const sibling of resources.all(restApiId).filter((other) => other.parentId === parent.id)) {
    if (sibling.pathPart === pathPart) throw recorded.siblingName(pathPart);
    if (isVariable(sibling.pathPart) && isVariable(pathPart))
      throw recorded.siblingVariable(sibling.pathPart ?? '');
  }
  if (resources.count(restApiId) >= MAX_RESOURCES) throw recorded.resourceQuota();
  const resource = {
    id: newId((id) => resources.get(restApiId, id) !== undefined),
    parentId: parent.id,
    pathPart,
    path: `${parent.path === '/' ? '' : parent.path}/${pathPart}`,
  };
  resources.insert(restApiId, resource.id, resource);
  return resource;
}

/** The emulator has no authorizers, so no method can use one. */
export function putMethod(accountRegion: AccountRegion, input: PutMethodRequest): StoredMethod {
  const { restApiId = '', resourceId = '', httpMethod = '', authorizationType = 'NONE' } = input;
  const resource = findResource(accountRegion, restApiId, resourceId);
  if (!METHODS.includes(httpMethod)) throw recorded.httpMethod();
  if (resource.resourceMethods?.[httpMethod]) throw recorded.methodExists();
  if (['CUSTOM', 'COGNITO_USER_POOLS'].includes(authorizationType)) throw recorded.authorizer();
  const method = {
    httpMethod,
    authorizationType,
    apiKeyRequired: input.apiKeyRequired ?? false,
    operationName: input.operationName,
    requestParameters: input.requestParameters,
  };
  setMethod(accountRegion, restApiId, resource, method);
  return method;
}

/** If the API is unknown, AWS says that the resource does not exist. */
export function findResource({ store }: AccountRegion, restApiId: string, resourceId: string): Resource {
  const resource = store.restApis.resources.get(restApiId, resourceId);
  if (!resource) throw recorded.resourceNotFound();
  return resource;
}

export function findMethod(resource: Resource, httpMethod: string): StoredMethod {
  const method = ownValue(resource.resourceMethods, httpMethod);
  if (!method) throw recorded.methodNotFound();
  return method;
}

export function setMethod(
  { store }: AccountRegion,
  restApiId: string,
  resource: Resource,
  method: StoredMethod,
): void {
  const resourceMethods = { ...resource.resourceMethods, [method.httpMethod ?? '']: method };
  store.restApis.resources.set(restApiId, resource.id, { ...resource, resourceMethods });
}

const isVariable = (pathPart = '') => pathPart.startsWith('{');

const withoutMembersOfMethods = ({ resourceMethods, ...resource }: Resource) => ({
  ...resource,
  ...(resourceMethods && {
    resourceMethods: Object.fromEntries(Object.keys(resourceMethods).map((name) => [name, {}])),
  }),
});
