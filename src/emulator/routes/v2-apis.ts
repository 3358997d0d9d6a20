import * as apis from '../operations/v2-apis.ts';
import * as stages from '../operations/v2-stages.ts';
import { boolean, given, label, number, string, stringMap, structure, wholeNumber } from '../request.ts';
import { noBody, plain, type Route, route } from '../route.ts';
import type { Members } from '../store/v2-apis.ts';

const APIS = '/v2/apis';
const API = '/v2/apis/{apiId}';
const STAGES = '/v2/apis/{apiId}/stages';
const STAGE = '/v2/apis/{apiId}/stages/{stageName}';

/**
 * API Gateway V2: WebSocket and HTTP APIs
 * (https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/operations.html). It has no HAL.
 */
export const v2ApiRoutes: Route[] = [
  route('CreateApi (v2)', 'POST', APIS, 201, plain, (accountRegion, { body }) =>
    apis.createApi(accountRegion, {
      name: string(body['name']),
      protocolType: string(body['protocolType']),
      description: string(body['description']),
      version: string(body['version']),
      routeSelectionExpression: string(body['routeSelectionExpression']),
      apiKeySelectionExpression: string(body['apiKeySelectionExpression']),
      disableExecuteApiEndpoint: boolean(body['disableExecuteApiEndpoint']),
      tags: stringMap(body['tags']),
    }),
  ),
  route('GetApis (v2)', 'GET', APIS, 200, plain, (accountRegion, { query }) =>
    apis.getApis(accountRegion, pageRequest(query)),
  ),
  route('GetApi (v2)', 'GET', API, 200, plain, (accountRegion, request) =>
    apis.getApi(accountRegion, label(request, 'apiId')),
  ),
  route('DeleteApi (v2)', 'DELETE', API, 204, noBody, (accountRegion, request) =>
    apis.deleteApi(accountRegion, label(request, 'apiId')),
  ),
  route('CreateStage (v2)', 'POST', STAGES, 201, plain, (accountRegion, request) =>
    stages.createStage(
      accountRegion,
      label(request, 'apiId'),
      string(request.body['stageName']) ?? '',
      changeOf(request.body),
      stringMap(request.body['tags']) ?? {},
    ),
  ),
  route('GetStages (v2)', 'GET', STAGES, 200, plain, (accountRegion, request) =>
    stages.getStages(accountRegion, label(request, 'apiId'), pageRequest(request.query)),
  ),
  route('GetStage (v2)', 'GET', STAGE, 200, plain, (accountRegion, request) =>
    stages.getStage(accountRegion, label(request, 'apiId'), label(request, 'stageName')),
  ),
  route('UpdateStage (v2)', 'PATCH', STAGE, 200, plain, (accountRegion, request) =>
    stages.updateStage(
      accountRegion,
      label(request, 'apiId'),
      label(request, 'stageName'),
      changeOf(request.body),
    ),
  ),
  route('DeleteStage (v2)', 'DELETE', STAGE, 204, noBody, (accountRegion, request) =>
    stages.deleteStage(accountRegion, label(request, 'apiId'), label(request, 'stageName')),
  ),
];

const pageRequest = (query: URLSearchParams) => ({
  maxResults: query.get('maxResults') ?? undefined,
  nextToken: query.get('nextToken') ?? undefined,
});

const changeOf = (body: Record<string, unknown>): stages.StageChange => ({
  accessLogSettings: accessLogSettings(body['accessLogSettings']),
  autoDeploy: boolean(body['autoDeploy']),
  clientCertificateId: string(body['clientCertificateId']),
  defaultRouteSettings: routeSettings(body['defaultRouteSettings']),
  deploymentId: string(body['deploymentId']),
  description: string(body['description']),
  routeSettings: routeSettingsMap(body['routeSettings']),
  stageVariables: stringMap(body['stageVariables']),
});

function accessLogSettings(value: unknown): Members | undefined {
  const members = structure(value);
  return (
    members && given({ destinationArn: string(members['destinationArn']), format: string(members['format']) })
  );
}

function routeSettings(value: unknown): Members | undefined {
  const members = structure(value);
  return (
    members &&
    given({
      dataTraceEnabled: boolean(members['dataTraceEnabled']),
      detailedMetricsEnabled: boolean(members['detailedMetricsEnabled']),
      loggingLevel: string(members['loggingLevel']),
      throttlingBurstLimit: wholeNumber(members['throttlingBurstLimit']),
      throttlingRateLimit: number(members['throttlingRateLimit']),
    })
  );
}

/** By the key of the route. */
function routeSettingsMap(value: unknown): Record<string, Members> | undefined {
  const map = structure(value);
  return (
    map && Object.fromEntries(Object.entries(map).map(([key, item]) => [key, routeSettings(item) ?? {}]))
  );
}
