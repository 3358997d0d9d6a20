import { AwsError } from '../errors.ts';

const validationError = (message: string) => new AwsError(400, 'ValidationError', message);

/** Errors of STS that were seen on AWS. Each names its source. */
export const recorded = {
  /** ex-aws/ex_aws#177 and django-ses/django-ses#158, of other services with this protocol. */
  invalidAction: (action: string, version: string) =>
    new AwsError(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`),
  /** amzn/selling-partner-api-docs#3081 */
  missingAuthenticationToken: () =>
    new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'),
  /** nccgroup/aws-inventory#34 */
  accessDenied: (caller: string, role: string) =>
    new AwsError(
      403,
      'AccessDenied',
      `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
    ),
  /** LocalStack's AWS-validated snapshot `test_sts_invalid_parameters` */
  malformedArn: (arn: string) => validationError(`${arn} is invalid`),
  /** physera/onelogin-aws-cli#12 */
  arnOfNoRole: () => validationError('Request ARN is invalid'),
  /** The same snapshot, and goldstack/goldstack#425 for a number. AWS reports all complaints at once. */
  constraints: (complaints: string[]) =>
    validationError(
      `${complaints.length} validation ${complaints.length === 1 ? 'error' : 'errors'} detected: ${complaints.join('; ')}`,
    ),
  /** 99designs/aws-vault#263 */
  chained: () =>
    validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    ),
};

/** Answers that this emulator chose because no recording of AWS's answer is known. */
export const chosen = {
  duration: () => new AwsError(400, 'MalformedInput', 'DurationSeconds must be a whole number'),
};

/** The code, and the words if they differ, of what other services of AWS call by the first name. */
const CODES = new Map<string, { code: string; message?: string }>([
  [
    'UnrecognizedClientException',
    // aws-azure-login/aws-azure-login#251, without a full stop
    { code: 'InvalidClientTokenId', message: 'The security token included in the request is invalid' },
  ],
  ['ExpiredTokenException', { code: 'ExpiredToken' }], // miquella/vaulted#107, aws/aws-sdk-java-v2#1649
  ['InvalidSignatureException', { code: 'SignatureDoesNotMatch' }], // aws/aws-cli#5341
  ['IncompleteSignatureException', { code: 'IncompleteSignature' }],
  ['AccessDeniedException', { code: 'AccessDenied' }],
]);

/** The members of `<Error>`. */
export function errorMembers({ errorType, message, status }: AwsError) {
  const { code = errorType, message: words = message } = CODES.get(errorType) ?? {};
  return { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: words };
}
