/**
 * An error answer of API Gateway's control plane: the HTTP status, the type for the header
 * `x-amzn-errortype`, and a body with `message` and the other `members` that the type has.
 */
export class AwsError extends Error {
  readonly status: number;
  readonly errorType: string;
  readonly members: Record<string, string>;

  constructor(status: number, errorType: string, message: string, members: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.errorType = errorType;
    this.members = members;
  }

  /** Throttle and quota errors have `retryAfterSeconds: null` (terraform-provider-aws#37605). */
  get body(): Record<string, unknown> {
    const { message, members } = this;
    return { message, ...(this.status === 429 && { retryAfterSeconds: null }), ...members };
  }
}

export const badRequest = (message: string) => new AwsError(400, 'BadRequestException', message);
const serialization = (message: string) => new AwsError(400, 'SerializationException', message);
export const notFound = (message: string) => new AwsError(404, 'NotFoundException', message);
export const conflict = (message: string) => new AwsError(409, 'ConflictException', message);
export const limitExceeded = (message: string) => new AwsError(429, 'LimitExceededException', message);

/** The most complaints about one request. Whether AWS has a maximum is not known. */
const MAX_COMPLAINTS = 100;

/** Errors whose type, status and words were seen on AWS. Each names its source. */
export const recorded = {
  /** aws/chalice#12 */
  missingAuthenticationToken: () =>
    new AwsError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
  /** hashicorp/terraform#8789. AWS writes two blanks after "path". */
  patchPath: (path: string, op: string) =>
    badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [/description]`),
  /** LocalStack's AWS-validated snapshots, for similar resources with one patch path. */
  patchOperation: (path: string, op: string) =>
    badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Please choose supported operations`),
  patchPathMissing: () => badRequest('Invalid patch path null'),
  /** Same source. An operation's `index` is 1-based, and AWS reports all complaints at once. */
  patchOperationEnum: (input: string, wrong: { op: string; index: number }[]) => {
    const complaints = wrong
      .slice(0, MAX_COMPLAINTS)
      .map(
        ({ op, index }) =>
          `Value '${op}' at '${input}.patchOperations.${index}.member.op' failed to satisfy ` +
          'constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]',
      );
    const errors = wrong.length === 1 ? 'error' : 'errors';
    return new AwsError(
      400,
      'ValidationException',
      `${wrong.length} validation ${errors} detected: ${complaints.join('; ')}`,
    );
  },
  notAString: (value: unknown) =>
    serialization(
      typeof value === 'boolean'
        ? 'class java.lang.Boolean can not be converted to an String'
        : 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String',
    ),
  /** serverless/serverless#9223 */
  reservedTagKey: () => badRequest("Invalid tag key. Tag keys cannot start with 'aws:' (case insensitive)"),
  /** LocalStack's AWS-validated snapshots, for similar resources. */
  concurrentModification: () =>
    conflict('Unable to complete operation due to concurrent modification. Please try again later.'),
  /** cartography#559 and #605 */
  throttled: () => new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
  arnMalformed: (arn: string) => badRequest(`Invalid ARN. ARN is not well formed ${arn}`),
  arnUnsupported: () => badRequest('Invalid ARN specified in the request'),
};

/**
 * Answers that this emulator chose because no recording of AWS's answer is known. Types and
 * statuses come from the service model, so a client that checks the type behaves as it does with
 * AWS. Only the words are ours.
 */
export const chosen = {
  notFound: () => notFound('Invalid Client Certificate identifier specified'),
  quota: () =>
    limitExceeded(
      'Maximum number of Client Certificates has been reached. Please contact AWS if you need additional Client Certificates.',
    ),
  tooManyTags: (most: number) => limitExceeded(`Maximum number of tags for this resource is ${most}.`),
  /**
   * Similar resources answer 400 or 409: terraform-provider-aws#19805, aws/aws-sdk-js#3841,
   * LocalStack's snapshots.
   */
  certificateInUse: (id: string) =>
    conflict(`Cannot delete client certificate '${id}', is referenced in a stage`),
  tagKey: () => badRequest('Invalid tag key. Tag keys must be 1 to 128 characters of the supported set'),
  tagValue: () =>
    badRequest('Invalid tag value. Tag values must be up to 256 characters of the supported set'),
  tagsMissing: () => badRequest('Tags must be specified'),
  tagKeysMissing: () => badRequest('Tag keys must be specified'),
  /**
   * For 0, more than 500, and anything but a whole number. AWS was recorded to accept a negative
   * limit.
   */
  limit: () => badRequest('Invalid limit specified. Must be between 1 and 500'),
  position: () => badRequest('Invalid position specified'),
  description: (most: number) =>
    badRequest(`Invalid Client Certificate description specified. Must be up to ${most} characters`),
  /**
   * A JSON escape can be half of a surrogate pair (`\ud83d`). UTF-8 cannot store it, so the text
   * would change.
   */
  loneSurrogate: () =>
    badRequest(
      'Invalid Client Certificate description specified. Must be Unicode text without lone surrogates',
    ),
  patchOperationMissing: () => badRequest('Invalid patch operation specified. Must be one of: [replace]'),
  name: (what: string) => badRequest(`Invalid ${what} name specified`),
  notABoolean: () => serialization('Expected a boolean value'),
  notANumber: () => serialization('Expected a number'),
  notAWholeNumber: () => serialization('Expected a whole number'),
  notAList: () => serialization('Start of list found where not expected'),
  notEmulated: (what: string) => badRequest(`${what} is not supported by this emulator`),
  malformedJson: () => serialization('Request body is not valid JSON'),
  notAnObject: () => serialization('Start of structure or map found where not expected'),
  bodyTooLarge: () => new AwsError(413, 'RequestEntityTooLargeException', 'Request Too Long'),
  /**
   * API Gateway serves its own control plane, and answers an unknown route like a missing token.
   */
  unknownRoute: () => recorded.missingAuthenticationToken(),
  /** HTTP/1.1 requires it (https://www.rfc-editor.org/rfc/rfc9112#section-3.2). */
  hostMissing: () => badRequest('Host header missing'),
  /**
   * AWS has no such error. This emulator listens on a machine where browsers open foreign pages.
   */
  notForPages: () =>
    new AwsError(403, 'AccessDeniedException', 'This emulator answers no pages of browsers.'),
  /** A defect of this emulator. Its stack is the message: it names code, and no private key. */
  internal: (error: unknown) =>
    new AwsError(
      500,
      'InternalFailure',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    ),
};
