import { AwsError, badRequest, conflict, limitExceeded, notFound } from '../errors.ts';

/**
 * Errors about REST APIs that were seen on AWS. Unless another source is named, they are in
 * LocalStack's AWS-validated snapshots, `tests/aws/services/apigateway/*.snapshot.json`.
 */
export const recorded = {
  /** AWS names the account of the caller. */
  apiNotFound: (accountId: string, id: string) =>
    notFound(`Invalid API identifier specified ${accountId}:${id}`),
  resourceNotFound: () => notFound('Invalid Resource identifier specified'),
  methodNotFound: () => notFound('Invalid Method identifier specified'),
  /** hashicorp/terraform-provider-aws#12756 */
  stageNotFound: () => notFound('Invalid stage identifier specified'),
  emptyDescription: () => badRequest('Description cannot be an empty string'),
  compressionSize: () => badRequest('Invalid minimum compression size, must be between 0 and 10485760'),
  endpointTypes: (types: string[]) =>
    validation(
      `Value '[${types.join(', ')}]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy ` +
        'constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]',
    ),
  severalEndpointTypes: () => badRequest('Cannot create an api with multiple Endpoint Types.'),
  /**
   * moto, apigateway/exceptions.py. A CloudFormation event of 2018 lacks the words about the plus
   * sign.
   */
  pathPart: () =>
    badRequest(
      "Resource's path part only allow a-zA-Z0-9._- and curly braces at the beginning and the end and an optional " +
        'plus sign before the closing brace.',
    ),
  siblingName: (name: string) =>
    conflict(`Another resource with the same parent already has this name: ${name}`),
  siblingVariable: (name: string) =>
    badRequest(
      `A sibling (${name}) of this resource already has a variable path part -- only one is allowed`,
    ),
  greedyParent: (name: string) =>
    badRequest(`Cannot create a child of a resource with a greedy path variable: ${name}`),
  /** hashicorp/terraform-provider-aws#37605. AWS writes two blanks. */
  resourceQuota: () =>
    limitExceeded(
      'Maximum number of Resources for this API has been reached.  Please contact AWS if you need additional Resources.',
    ),
  httpMethod: () =>
    badRequest('Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY'),
  /** A CloudFormation event about an AWS::ApiGateway::Method: status code 409. */
  methodExists: () => conflict('Method already exists for this resource'),
  authorizer: () =>
    badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a ' +
        'valid authorizer.',
    ),
  integrationType: (type: string) =>
    validation(
      `Value '${type}' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value ` +
        'set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]',
    ),
  integrationMethod: () => badRequest('Enumeration value for HttpMethod must be non-empty'),
  integrationUri: () => badRequest('Invalid HTTP endpoint specified for URI'),
  /** aws/aws-cdk, aws-apigateway/lib/deployment.ts */
  noMethods: () => badRequest("The REST API doesn't contain any methods"),
  /**
   * Output of Terraform, aws_api_gateway_deployment: 400, request
   * e32e0d75-1b02-11e7-ac81-e98a6fba3c24.
   */
  noIntegration: () => badRequest('No integration defined for method'),
  /** Recorded for a canary's deployment. */
  deploymentNotFound: () => badRequest('Deployment id does not exist'),
  /** zappa, cli.py */
  stageName: () => badRequest('Stage name only allows a-zA-Z0-9_'),
  /** The missing commas and slashes are AWS's. */
  stagePath: (path: string) =>
    badRequest(`Invalid method setting path: ${path}. Must be one of: ${STAGE_PATHS}`),
  /** For every path that cannot be removed. The blank at the end is AWS's. */
  stageRemove: (path: string) =>
    badRequest(
      `Cannot remove method setting ${path.slice(1)} because there is no method setting for this method `,
    ),
  stageAdd: (path: string) => badRequest(`Invalid add operation with path: ${path}`),
  stageCopy: (path: string, from: string) =>
    badRequest(
      `Invalid copy operation with path: ${path} and from ${from}. Valid copy:path are [/deploymentId, /variables] ` +
        'and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]',
    ),
  noCanary: () => badRequest('Promotion not available. Canary does not exist.'),
  accessLogPath: () =>
    badRequest(
      'Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]',
    ),
  accessLogValue: () => badRequest('Access Log value must not be empty'),
};

/** Answers that this emulator chose because no recording of AWS's answer is known. */
export const chosen = {
  apiQuota: () =>
    limitExceeded('Maximum number of APIs has been reached. Please contact AWS if you need additional APIs.'),
  stageQuota: () =>
    limitExceeded(
      'Maximum number of Stages for this API has been reached. Please contact AWS if you need additional Stages.',
    ),
  stageExists: () => conflict('Stage already exists'),
  integrationTimeout: () => badRequest('Timeout should be between 50 ms and 29000 ms'),
  /** Similar to the answer for an unknown deployment. */
  certificateNotFound: () => badRequest('Client certificate id does not exist'),
  pathWithQueryString: () => badRequest('Invalid path with query string specified'),
  stageOperation: () => badRequest('Invalid patch operation specified. Must be one of: [remove, replace]'),
  stageValue: (path: string) => badRequest(`Invalid value specified for patch path ${path}`),
};

const validation = (complaint: string) =>
  new AwsError(400, 'ValidationException', `1 validation error detected: ${complaint}`);

const STAGE_PATHS =
  '[/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, ' +
  '/accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, ' +
  '/{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, ' +
  '/{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit' +
  '/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, ' +
  '/{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, ' +
  '/{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, ' +
  '/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, ' +
  '/*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit ' +
  '/*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, ' +
  '/*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, ' +
  '/variables/{variable_name}, /tracingEnabled]';
