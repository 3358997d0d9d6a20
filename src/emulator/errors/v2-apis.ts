import { AwsError, badRequest, conflict } from '../errors.ts';
import { recorded } from './rest-apis.ts';

/**
 * Answers that this emulator chose for WebSocket and HTTP APIs, since no recording of AWS's is
 * known.
 */
export const chosen = {
  apiNotFound: recorded.apiNotFound,
  stageNotFound: recorded.stageNotFound,
  apiQuota: () =>
    tooMany(
      'APIS',
      'Maximum number of APIs has been reached. Please contact AWS if you need additional APIs.',
    ),
  stageQuota: () =>
    tooMany(
      'STAGES',
      'Maximum number of Stages for this API has been reached. Please contact AWS if you need additional Stages.',
    ),
  tooManyTags: (most: number) => tooMany('TAGS', `Maximum number of tags for this resource is ${most}.`),
  protocolType: () => badRequest('Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]'),
  routeSelectionExpression: () => badRequest('RouteSelectionExpression is required for WebSocket APIs'),
  maxResults: () => badRequest('Invalid maxResults specified. Must be between 1 and 500'),
  nextToken: () => badRequest('Invalid nextToken specified'),
  stageName: () => badRequest('Stage name only allows a-zA-Z0-9_- and $default'),
  stageExists: () => conflict('Stage already exists'),
  /** The service model says "Supported only for WebSocket APIs". */
  certificateOfHttpApi: () => badRequest('ClientCertificateId is supported only for WebSocket APIs'),
  certificateNotFound: () => badRequest('Client certificate id does not exist'),
  /**
   * The service model says of stages that API Gateway manages: "You can't modify the $default
   * stage".
   */
  managedStage: () => badRequest("You can't modify the $default stage"),
};

/**
 * The service model has no LimitExceededException. It says of this one "A limit has been exceeded",
 * and does not say which values `limitType` has.
 */
function tooMany(limitType: string, message: string): AwsError {
  return new AwsError(429, 'TooManyRequestsException', message, { limitType });
}
