import type { ConnectionType, ContentHandlingStrategy, IntegrationType } from '@aws-sdk/client-api-gateway';
import { putIntegration } from '../operations/integrations.ts';
import * as operations from '../operations/resources.ts';
import { testInvokeMethod } from '../operations/test-invoke-method.ts';
import {
  boolean,
  type EmulatorRequest,
  label,
  string,
  stringMap,
  strings,
  structure,
  wholeNumber,
} from '../request.ts';
import { plain, type Route, route } from '../route.ts';
import * as views from '../views/resources.ts';
import { pageRequest } from './rest-apis.ts';

const RESOURCES = '/restapis/{restApiId}/resources';
const RESOURCE = '/restapis/{restApiId}/resources/{resourceId}';
const METHOD = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}';
const INTEGRATION = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration';

export const resourceRoutes: Route[] = [
  route('GetResources', 'GET', RESOURCES, 200, views.resources, (accountRegion, request) =>
    operations.getResources(accountRegion, {
      restApiId: label(request, 'restApiId'),
      embed: request.query.getAll('embed'),
      ...pageRequest(request.query),
    }),
  ),
  route('CreateResource', 'POST', RESOURCE, 201, views.resource, (accountRegion, request) =>
    operations.createResource(accountRegion, {
      restApiId: label(request, 'restApiId'),
      parentId: label(request, 'resourceId'),
      pathPart: string(request.body['pathPart']),
    }),
  ),
  route('PutMethod', 'PUT', METHOD, 201, views.method, (accountRegion, request) => {
    const { body } = request;
    return operations.putMethod(accountRegion, {
      ...methodOf(request),
      authorizationType: string(body['authorizationType']),
      apiKeyRequired: boolean(body['apiKeyRequired']),
      operationName: string(body['operationName']),
      requestParameters: booleanMap(body['requestParameters']),
    });
  }),
  route('TestInvokeMethod', 'POST', METHOD, 200, plain, (accountRegion, request) => {
    const { body, signal } = request;
    const input = {
      ...methodOf(request),
      pathWithQueryString: string(body['pathWithQueryString']),
      body: string(body['body']),
      headers: stringMap(body['headers']),
      multiValueHeaders: stringsMap(body['multiValueHeaders']),
      clientCertificateId: string(body['clientCertificateId']),
      stageVariables: stringMap(body['stageVariables']),
    };
    return testInvokeMethod(accountRegion, input, signal);
  }),
  route('PutIntegration', 'PUT', INTEGRATION, 201, views.integration, (accountRegion, request) => {
    const { body } = request;
    return putIntegration(accountRegion, {
      ...methodOf(request),
      type: string(body['type']) as IntegrationType | undefined,
      integrationHttpMethod: string(body['httpMethod']),
      uri: string(body['uri']),
      connectionType: string(body['connectionType']) as ConnectionType | undefined,
      requestParameters: stringMap(body['requestParameters']),
      requestTemplates: stringMap(body['requestTemplates']),
      passthroughBehavior: string(body['passthroughBehavior']),
      contentHandling: string(body['contentHandling']) as ContentHandlingStrategy | undefined,
      timeoutInMillis: wholeNumber(body['timeoutInMillis']),
      cacheNamespace: string(body['cacheNamespace']),
      cacheKeyParameters: strings(body['cacheKeyParameters']),
      tlsConfig: tls(body['tlsConfig']),
    });
  }),
];

const methodOf = (request: EmulatorRequest) => ({
  restApiId: label(request, 'restApiId'),
  resourceId: label(request, 'resourceId'),
  httpMethod: label(request, 'httpMethod'),
});

const booleanMap = (value: unknown): Record<string, boolean> | undefined => {
  const members = structure(value);
  return (
    members && Object.fromEntries(Object.entries(members).map(([key, item]) => [key, boolean(item) ?? false]))
  );
};

const tls = (value: unknown) => {
  const members = structure(value);
  return members && { insecureSkipVerification: boolean(members['insecureSkipVerification']) };
};

const stringsMap = (value: unknown): Record<string, string[]> | undefined => {
  const members = structure(value);
  return (
    members && Object.fromEntries(Object.entries(members).map(([key, item]) => [key, strings(item) ?? []]))
  );
};
