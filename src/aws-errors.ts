import {
  type AwsFailure,
  type CertwayError,
  ConflictError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
  UpstreamError,
} from './errors.ts';

/** What an exception of the SDK becomes, and whether the call may be repeated: `transient` only if it is idempotent. */
type Rule = {
  toError(exception: Exception): CertwayError;
  retry?: 'throttling' | 'transient';
  /** The request cannot have reached AWS. */
  unsent?: true;
};

type Exception = {
  name: string;
  message: string;
  code?: string;
  retryAfterSeconds?: string | null;
  $metadata?: { httpStatusCode?: number; requestId?: string; clockSkewCorrected?: boolean };
};

const invalidInput: Rule = { toError: ({ message }) => new InvalidInputError([{ path: [], message }]) };
const notFound: Rule = { toError: () => new NotFoundError() };
const conflict: Rule = { toError: ({ message }) => new ConflictError(message) };
const limitExceeded: Rule = { toError: ({ message }) => new LimitExceededError(message) };

/** AWS sends no Retry-After; its bucket of 10 a second has room again after one. */
const throttled: Rule = {
  retry: 'throttling',
  toError: ({ retryAfterSeconds }) =>
    new UpstreamError('THROTTLED', 'AWS allows no more requests just now; try again later.', {
      retryAfterSeconds: Number(retryAfterSeconds) || 1,
    }),
};

const denied: Rule = {
  toError: () => new UpstreamError('UPSTREAM_DENIED', 'AWS refuses the credentials of this service.'),
};

const timedOut: Rule = {
  retry: 'transient',
  toError: () => new UpstreamError('UPSTREAM_TIMEOUT', 'AWS did not answer in time.'),
};

/** The client has gone, or the operation's time is over; then it is nobody's fault but time's. */
const givenUp: Rule = {
  toError: () =>
    new UpstreamError('UPSTREAM_TIMEOUT', 'The time for the operation was over before AWS answered.'),
};

const rubbish: Rule = {
  toError: () => new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent an answer that cannot be read.'),
};

const failed: Rule = {
  retry: 'transient',
  toError: () => new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS does not work properly just now.'),
};

const unreachable: Rule = {
  retry: 'transient',
  unsent: true,
  toError: () => new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS cannot be reached.'),
};

/**
 * By the SDK's `name`, Node's `code`, then the HTTP status. The names are those of the service model, and the ones
 * that the front door of AWS adds (https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html). An exception
 * that is none of these came from an answer that the SDK could not read, such as an HTML page.
 */
const rules: Record<string, Rule> = {
  BadRequestException: invalidInput,
  ValidationException: invalidInput,
  NotFoundException: notFound,
  ConflictException: conflict,
  LimitExceededException: limitExceeded,
  TooManyRequestsException: throttled,
  CredentialsProviderError: denied,
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ECONNRESET: failed,
  EPIPE: failed,
  ETIMEDOUT: timedOut,
  TimeoutError: timedOut,
  AbortError: givenUp,
  401: denied,
  403: denied,
  404: notFound,
  409: conflict,
  429: throttled,
  500: failed,
  502: failed,
  503: failed,
  504: failed,
};

/**
 * The one place where an exception of the SDK becomes an error of ours. It never carries AWS's words to the client
 * but for the four errors of mutations, which AWS writes for its callers. GenerateClientCertificate has no
 * idempotency token, so that it is repeated only where AWS says that it did nothing.
 */
export function fromAws(thrown: unknown, operation: string): CertwayError {
  const exception = toException(thrown);
  const { name, message, code = '', $metadata = {} } = exception;
  const status = $metadata.httpStatusCode;
  const rule = rules[code] ?? rules[name] ?? rules[status ?? ''] ?? rubbish;
  const error = unsureOf(rule, rule.toError(exception), operation);
  const aws: AwsFailure = { operation, name, message, status, requestId: $metadata.requestId };
  error.aws = aws;
  if (rule.retry === 'throttling') error.$retryable = { throttling: true };
  if (mayRepeat(rule, operation) || $metadata.clockSkewCorrected) error.$retryable = { throttling: false };
  return error;
}

const GENERATE = 'GenerateClientCertificate';

const mayRepeat = ({ retry }: Rule, operation: string) => retry === 'transient' && operation !== GENERATE;

/** After a generate of which the outcome is unknown, the message says so. */
function unsureOf(rule: Rule, error: CertwayError, operation: string): CertwayError {
  const unsure =
    operation === GENERATE &&
    !rule.unsent &&
    (rule.retry === 'transient' || rule === rubbish || rule === givenUp);
  if (!unsure || !(error instanceof UpstreamError)) return error;
  return new UpstreamError(
    error.code,
    `${error.message} A client certificate may exist all the same: look at the newest ones before trying again.`,
  );
}

function toException(thrown: unknown): Exception {
  return thrown instanceof Error ? thrown : { name: typeof thrown, message: String(thrown) };
}
