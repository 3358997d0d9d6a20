/**
 * An answer that is an error: the HTTP status, the type that AWS puts into `x-amzn-errortype`, and a body with
 * `message`, as API Gateway's control plane sends it.
 */
export class AwsError extends Error {
  readonly status: number;
  readonly errorType: string;

  constructor(status: number, errorType: string, message: string) {
    super(message);
    this.status = status;
    this.errorType = errorType;
  }

  /** Throttle and quota errors carry `retryAfterSeconds: null`, as recorded in terraform-provider-aws#37605. */
  get body(): Record<string, unknown> {
    const { message } = this;
    return this.status === 429 ? { message, retryAfterSeconds: null } : { message };
  }
}

export const badRequest = (message: string) => new AwsError(400, 'BadRequestException', message);
export const serialization = (message: string) => new AwsError(400, 'SerializationException', message);
export const notFound = (message: string) => new AwsError(404, 'NotFoundException', message);
export const conflict = (message: string) => new AwsError(409, 'ConflictException', message);
export const limitExceeded = (message: string) => new AwsError(429, 'LimitExceededException', message);

/** So many complaints are told of one request; nobody knows whether AWS stops. */
const MAX_COMPLAINTS = 100;

/** Errors whose type, status and words were seen on AWS, each with the place where. */
export const recorded = {
  /** aws/chalice#12 */
  missingAuthenticationToken: () =>
    new AwsError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
  /** hashicorp/terraform#8789; two blanks after "path" are AWS's. */
  patchPath: (path: string, op: string) =>
    badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [/description]`),
  /** AWS-validated snapshots of LocalStack, for the sibling resources with one patch path. */
  patchOperation: (path: string, op: string) =>
    badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Please choose supported operations`),
  patchPathMissing: () => badRequest('Invalid patch path null'),
  /** As above; an operation's `index` is 1-based, and all complaints come at once (here, 100 of them). */
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
  /** AWS-validated snapshots of LocalStack, for the sibling resources. */
  concurrentModification: () =>
    conflict('Unable to complete operation due to concurrent modification. Please try again later.'),
  /** cartography#559 and #605 */
  throttled: () => new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
  arnMalformed: (arn: string) => badRequest(`Invalid ARN. ARN is not well formed ${arn}`),
  arnUnsupported: () => badRequest('Invalid ARN specified in the request'),
};

/**
 * What this emulator chose where no recording of AWS's answer is known. The types and statuses are those of the
 * service model, so that a client that looks at the type behaves as it would with AWS; only the words are ours.
 */
export const chosen = {
  notFound: () => notFound('Invalid Client Certificate identifier specified'),
  quota: () =>
    limitExceeded(
      'Maximum number of Client Certificates has been reached. Please contact AWS if you need additional Client Certificates.',
    ),
  tooManyTags: (most: number) => limitExceeded(`Maximum number of tags for this resource is ${most}.`),
  /** The siblings answer 400 or 409: terraform-provider-aws#19805, aws/aws-sdk-js#3841, LocalStack's snapshots. */
  certificateInUse: (id: string) =>
    conflict(`Cannot delete client certificate '${id}', is referenced in a stage`),
  tagKey: () => badRequest('Invalid tag key. Tag keys must be 1 to 128 characters of the supported set'),
  tagValue: () =>
    badRequest('Invalid tag value. Tag values must be up to 256 characters of the supported set'),
  tagsMissing: () => badRequest('Tags must be specified'),
  tagKeysMissing: () => badRequest('Tag keys must be specified'),
  /** Of 0, of more than 500, and of what is no whole number; a negative one was recorded to be taken. */
  limit: () => badRequest('Invalid limit specified. Must be between 1 and 500'),
  position: () => badRequest('Invalid position specified'),
  description: (most: number) =>
    badRequest(`Invalid Client Certificate description specified. Must be up to ${most} characters`),
  /** JSON's escapes can carry half a pair (`\ud83d`), which no UTF-8 can: it would come back as another text. */
  loneSurrogate: () =>
    badRequest(
      'Invalid Client Certificate description specified. Must be Unicode text without lone surrogates',
    ),
  patchOperationMissing: () => badRequest('Invalid patch operation specified. Must be one of: [replace]'),
  name: (what: string) => badRequest(`Invalid ${what} name specified`),
  notABoolean: () => serialization('Expected a boolean value'),
  notANumber: () => serialization('Expected a number'),
  notAList: () => serialization('Start of list found where not expected'),
  notEmulated: (what: string) => badRequest(`${what} is not supported by this emulator`),
  malformedJson: () => serialization('Request body is not valid JSON'),
  notAnObject: () => serialization('Start of structure or map found where not expected'),
  bodyTooLarge: () => new AwsError(413, 'RequestEntityTooLargeException', 'Request Too Long'),
  /** API Gateway, which fronts its own control plane, answers an unknown route as it does a missing token. */
  unknownRoute: () => recorded.missingAuthenticationToken(),
  /** HTTP/1.1 has to have one (https://www.rfc-editor.org/rfc/rfc9112#section-3.2). */
  hostMissing: () => badRequest('Host header missing'),
  /** AWS is no neighbour of pages, so that nobody knows its words: this emulator listens where browsers are. */
  notForPages: () =>
    new AwsError(403, 'AccessDeniedException', 'This emulator answers no pages of browsers.'),
  /** A defect of this emulator; its stack is the message, since nobody's secrets are here. */
  internal: (error: unknown) =>
    new AwsError(
      500,
      'InternalFailure',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    ),
};
