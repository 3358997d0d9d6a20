import type { Integration, PutIntegrationRequest } from '@aws-sdk/client-api-gateway';
import type { AccountRegion } from '../account-region.ts';
import { chosen, recorded } from '../errors/rest-apis.ts';
import { chosen as anyChosen } from '../errors.ts';
import { findMethod, findResource, METHODS, setMethod } from './resources.ts';

const TYPES = ['HTTP', 'MOCK', 'AWS_PROXY', 'HTTP_PROXY', 'AWS'];

/** The URI of an HTTP integration. Its host may come from a stage variable, too. */
const URI = /^https?:\/\/[^/\s]+(\/\S*)?$/;

const MIN_TIMEOUT_MS = 50;
const MAX_TIMEOUT_MS = 29_000;

/** Sets or replaces the integration of a method: HTTP, HTTP_PROXY or MOCK. */
export function putIntegration(accountRegion: AccountRegion, input: PutIntegrationRequest): Integration {
  const {
    restApiId = '',
    resourceId = '',
    httpMethod = '',
    type = '',
    timeoutInMillis = MAX_TIMEOUT_MS,
  } = input;
  if (!TYPES.includes(type)) throw recorded.integrationType(type);
  const resource = findResource(accountRegion, restApiId, resourceId);
  const method = findMethod(resource, httpMethod);
  if (type.startsWith('AWS')) throw anyChosen.notEmulated(`The integration type ${type}`);
  if (input.connectionType === 'VPC_LINK') throw anyChosen.notEmulated('The connection type VPC_LINK');
  if (timeoutInMillis < MIN_TIMEOUT_MS || timeoutInMillis > MAX_TIMEOUT_MS) throw chosen.integrationTimeout();
  const integration: Integration = {
    type: input.type,
    ...(type !== 'MOCK' && httpMembers(input)),
    requestParameters: input.requestParameters,
    requestTemplates: input.requestTemplates,
    passthroughBehavior: input.passthroughBehavior ?? 'WHEN_NO_MATCH',
    contentHandling: input.contentHandling,
    timeoutInMillis,
    cacheNamespace: input.cacheNamespace ?? resourceId,
    cacheKeyParameters: input.cacheKeyParameters ?? [],
    tlsConfig: input.tlsConfig,
  };
  setMethod(accountRegion, restApiId, resource, { ...method, methodIntegration: integration });
  return integration;
}

function httpMembers({ integrationHttpMethod, uri = '' }: PutIntegrationRequest): Partial<Integration> {
  if (!integrationHttpMethod) throw recorded.integrationMethod();
  if (!METHODS.includes(integrationHttpMethod)) throw recorded.httpMethod();
  if (!URI.test(uri)) throw recorded.integrationUri();
  return { httpMethod: integrationHttpMethod, uri, connectionType: 'INTERNET' };
}
