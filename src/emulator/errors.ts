import { createHash } from 'node:crypto';

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
const incompleteSignature = (message: string) => new AwsError(403, 'IncompleteSignatureException', message);
const invalidSignature = (message: string) => new AwsError(403, 'InvalidSignatureException', message);

/** So many complaints are told of one request; nobody knows whether AWS stops. */
const MAX_COMPLAINTS = 100;

const hashOf = (header: string) => createHash('sha256').update(header).digest('base64');

/** Errors whose type, status and words were seen on AWS, each with the place where. */
export const recorded = {
  /** aws/chalice#12 */
  missingAuthenticationToken: () =>
    new AwsError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
  /**
   * Of API Gateway: RhinoSecurityLabs/IPRotate_Burp_Extension#25 with the header in clear, and since about 2024
   * awslabs/time-addressable-media-store#8 with its hash.
   */
  authorizationPair: (header: string) =>
    incompleteSignature(
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hashOf(header)}'.`,
    ),
  /** aws/chalice#828 with the header in clear; unsure where its hash goes. */
  authorizationMissing: (header: string, parameters: string[], hasDate: boolean) =>
    incompleteSignature(
      [
        ...parameters.map((name) => `Authorization header requires '${name}' parameter.`),
        ...(hasDate
          ? []
          : ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."]),
        `(Hashed with SHA-256 and encoded with Base64) Authorization=${hashOf(header)}`,
      ].join(' '),
    ),
  /** The next three of DynamoDB, which has the same door: mhart/dynalite, index.js. */
  dateFormat: (time: string) =>
    incompleteSignature(
      `Date must be in ISO-8601 'basic format'. Got '${time}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    ),
  algorithm: (algorithm: string, supported: string) =>
    incompleteSignature(`Unsupported AWS 'algorithm': '${algorithm}' (only ${supported} for now). `),
  credentialElements: (credential: string) =>
    incompleteSignature(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    ),
  /** awslabs/aws-mobile-appsync-sdk-js#702 */
  signedHeaderMissing: (name: string) =>
    incompleteSignature(`'${name}' is named as a SignedHeader, but it does not exist in the HTTP request.`),
  /** aws/aws-sdk-php#2469 */
  hostNotSigned: () =>
    invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
  /** mhart/aws4#118 and, of this API, RhinoSecurityLabs/IPRotate_Burp_Extension#38: with 5 minutes. */
  expired: (time: string, earliest: string, now: string, minutes: number) =>
    invalidSignature(`Signature expired: ${time} is now earlier than ${earliest} (${now} - ${minutes} min.)`),
  notYetCurrent: (time: string, latest: string, now: string, minutes: number) =>
    invalidSignature(
      `Signature not yet current: ${time} is still later than ${latest} (${now} + ${minutes} min.)`,
    ),
  /** Of API Gateway, with the blank at the end: aws/aws-sdk-js#3571; all complaints come at once. */
  credentialScope: (complaints: string[]) =>
    invalidSignature(complaints.map((complaint) => `${complaint} `).join('')),
  /** For an unknown key and for a session token that is none: mhart/dynalite. */
  unrecognizedClient: () =>
    new AwsError(
      403,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ),
  /** rpgreen/apigateway-generic-java-sdk#11 has the first line, mhart/dynalite the others. */
  signatureMismatch: (canonical: string, stringToSign: string) =>
    invalidSignature(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret ' +
        'Access Key and signing method. Consult the service documentation for details.\n\n' +
        `The Canonical String for this request should have been\n'${canonical}'\n\n` +
        `The String-to-Sign should have been\n'${stringToSign}'\n`,
    ),
  /** hashicorp/terraform#8789; two blanks after "path" are AWS's. */
  patchPath: (path: string, op: string) =>
    badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [/description]`),
  /** AWS-validated snapshots of LocalStack, for the sibling resources with one patch path. */
  patchOperation: (path: string, op: string) =>
    badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Please choose supported operations`),
  patchPathMissing: () => badRequest('Invalid patch path null'),
  /** As above; an operation's `index` is 1-based, and all complaints come at once (here, 100 of them). */
  patchOperationEnum: (wrong: { op: string; index: number }[]) => {
    const complaints = wrong
      .slice(0, MAX_COMPLAINTS)
      .map(
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
  /** AWS-validated snapshots of LocalStack, for the sibling resources. */
  concurrentModification: () =>
    new AwsError(
      409,
      'ConflictException',
      'Unable to complete operation due to concurrent modification. Please try again later.',
    ),
  arnMalformed: (arn: string) => badRequest(`Invalid ARN. ARN is not well formed ${arn}`),
  arnUnsupported: () => badRequest('Invalid ARN specified in the request'),
};

/**
 * What this emulator chose where no recording of AWS's answer is known. The types and statuses are those of the
 * service model, so that a client that looks at the type behaves as it would with AWS; only the words are ours.
 */
export const chosen = {
  authorizationDuplicate: (name: string) =>
    incompleteSignature(`Authorization header has more than one '${name}' parameter.`),
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
