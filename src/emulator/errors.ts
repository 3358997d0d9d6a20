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

const badRequest = (message: string) => new AwsError(400, 'BadRequestException', message);
const serialization = (message: string) => new AwsError(400, 'SerializationException', message);

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
  /** As above; an operation's `index` is 1-based, and all complaints come at once. */
  patchOperationEnum: (wrong: { op: string; index: number }[]) => {
    const complaints = wrong.map(
      ({ op, index }) =>
        `Value '${op}' at 'updateClientCertificateInput.patchOperations.${index}.member.op' failed to satisfy ` +
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
  arnMalformed: (arn: string) => badRequest(`Invalid ARN. ARN is not well formed ${arn}`),
  arnUnsupported: () => badRequest('Invalid ARN specified in the request'),
};

/**
 * What this emulator chose where no recording of AWS's answer is known. The types and statuses are those of the
 * service model, so that a client that looks at the type behaves as it would with AWS; only the words are ours.
 */
export const chosen = {
  notFound: () => new AwsError(404, 'NotFoundException', 'Invalid Client Certificate identifier specified'),
  quota: () =>
    new AwsError(
      429,
      'LimitExceededException',
      'Maximum number of Client Certificates has been reached. Please contact AWS if you need additional Client Certificates.',
    ),
  throttled: () => new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
  tooManyTags: (most: number) =>
    new AwsError(429, 'LimitExceededException', `Maximum number of tags for this resource is ${most}.`),
  tagKey: () => badRequest('Invalid tag key. Tag keys must be 1 to 128 characters of the supported set'),
  tagValue: () =>
    badRequest('Invalid tag value. Tag values must be up to 256 characters of the supported set'),
  tagsMissing: () => badRequest('Tags must be specified'),
  tagKeysMissing: () => badRequest('Tag keys must be specified'),
  limit: () => badRequest('Invalid limit specified. Must be between 1 and 500'),
  position: () => badRequest('Invalid position specified'),
  description: (most: number) =>
    badRequest(`Invalid Client Certificate description specified. Must be up to ${most} characters`),
  patchOperationMissing: () => badRequest('Invalid patch operation specified. Must be one of: [replace]'),
  malformedJson: () => serialization('Request body is not valid JSON'),
  notAnObject: () => serialization('Start of structure or map found where not expected'),
  bodyTooLarge: () => new AwsError(413, 'RequestEntityTooLargeException', 'Request Too Long'),
  /** API Gateway, which fronts its own control plane, answers an unknown route as it does a missing token. */
  unknownRoute: () => recorded.missingAuthenticationToken(),
  /** A defect of this emulator; its stack is the message, since nobody's secrets are here. */
  internal: (error: unknown) =>
    new AwsError(
      500,
      'InternalFailure',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    ),
};
