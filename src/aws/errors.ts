import {
  type AwsFailure,
  CertwayError,
  ConflictError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
  UpstreamError,
} from '../errors/errors.ts';
import { denialOf, isDenial } from './denials.ts';
import { FailedAttempt, type Repeat } from './retry.ts';

/** Maps an exception of the SDK to an error, and says whether the call may be repeated: if `transient`, only an idempotent one. */
type Rule = {
  toError(exception: Exception): CertwayError;
  repeat?: Repeat;
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

export const notAnswered = () => new UpstreamError('UPSTREAM_TIMEOUT', 'AWS did not answer in time.');

/** The error of what waits for AWS when its client leaves or its time is over. */
export const timeIsOver = () =>
  new UpstreamError('UPSTREAM_TIMEOUT', 'The operation timed out before AWS answered.');

export const unreadableAnswer = () =>
  new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent an answer that cannot be read.');

const invalidInput: Rule = { toError: ({ message }) => new InvalidInputError([{ path: [], message }]) };
const notFound: Rule = { toError: () => new NotFoundError() };
const conflict: Rule = { toError: ({ message }) => new ConflictError(message) };
const limitExceeded: Rule = { toError: ({ message }) => new LimitExceededError(message) };

/** AWS sends no Retry-After. Its bucket refills by 10 per second. */
const throttled: Rule = {
  repeat: 'throttling',
  toError: ({ retryAfterSeconds }) =>
    new UpstreamError('THROTTLED', 'AWS throttles requests at present; try again later.', {
      retryAfterSeconds: Number(retryAfterSeconds) || 1,
    }),
};

const denied: Rule = {
  toError: () => new UpstreamError('UPSTREAM_DENIED', 'AWS refuses the credentials of this service.'),
};

const timedOut: Rule = { repeat: 'transient', toError: notAnswered };

/** The client has left, or the operation's time is over. */
const givenUp: Rule = { toError: timeIsOver };

/** AWS refuses the form of a read, in words for the caller of AWS. The client of a read has not written that request. */
const refusedRead: Rule = {
  toError: () => new InvalidInputError([{ path: [], message: 'AWS rejected the request.' }]),
};

const unreadable: Rule = { toError: unreadableAnswer };

const failed: Rule = {
  repeat: 'transient',
  toError: () => new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS is temporarily unavailable.'),
};

const unreachable: Rule = {
  repeat: 'transient',
  unsent: true,
  toError: () => new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS cannot be reached.'),
};

/** As above, but part of the request may have reached AWS. */
const brokenOff: Rule = { repeat: 'transient', toError: unreachable.toError };

/**
 * By the SDK's `name`, Node's `code`, then the HTTP status. The names are those of the service model, and AWS's common
 * errors (https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html). Any other exception comes from an answer that
 * the SDK could not parse, such as an HTML page.
 */
const rules: Record<string, Rule> = {
  BadRequestException: invalidInput,
  ValidationException: invalidInput,
  NotFoundException: notFound,
  ConflictException: conflict,
  LimitExceededException: limitExceeded,
  TooManyRequestsException: throttled,
  Throttling: throttled,
  ThrottlingException: throttled,
  RequestLimitExceeded: throttled,
  IDPCommunicationError: failed,
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

/** TLS errors, of AWS's certificate or of the handshake. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const TLS_CODE =
  /^(CERT_|CRL_|DEPTH_ZERO_|ERR_SSL_|ERR_TLS_|HOSTNAME_MISMATCH|INVALID_|PATH_LENGTH_EXCEEDED|SELF_SIGNED_|UNABLE_TO_)/;

/** Errors that occur only before anything is sent. Other TLS errors may come later. */
const TLS_HANDSHAKE =
  /before secure TLS connection was established|wrong version number|packet length too long|http request|unsupported protocol|no shared cipher|alert (handshake failure|protocol version|unrecognized name|insufficient security)|unrecognized name/i;

/** The rules for reads, where those for changes would pass AWS's words on. */
const READ = new Map([
  [invalidInput, refusedRead],
  [conflict, unreadable],
  [limitExceeded, throttled],
]);

function ruleOf({ name, message, code = '', $metadata = {} }: Exception, operation: string): Rule {
  const isTls = TLS_CODE.test(code) || code === 'EPROTO';
  if (TLS_HANDSHAKE.test(message) && (isTls || code === 'ECONNRESET')) return unreachable;
  if (isTls) return code === 'EPROTO' || code.startsWith('ERR_SSL_') ? brokenOff : unreachable;
  const status = $metadata.httpStatusCode ?? 0;
  const rule = rules[code] ?? (isDenial(name) ? denied : rules[name]) ?? rules[status] ?? unreadable;
  if (operation.startsWith('AssumeRole') && status >= 400 && status < 500 && rule !== throttled)
    return denied;
  return (isRead(operation) && READ.get(rule)) || rule;
}

/** AssumeRole changes nothing either. Whatever STS does not like about it, there are no credentials. */
const isRead = (operation: string) => /^(Get|AssumeRole)/.test(operation);

/**
 * Whether an error concerns the one request and says nothing about AWS's health: a status of 4xx that is neither a throttle nor
 * a refusal of the credentials.
 */
export const isAboutRequest = ({ code, aws: { status = 0 } = {} as AwsFailure }: CertwayError): boolean =>
  status >= 400 && status < 500 && ![401, 403, 429].includes(status) && code !== 'THROTTLED';

/**
 * The one place where an exception of the SDK becomes an error of ours. AWS's words reach the client only in the four errors of
 * mutations, because AWS writes those for its callers.
 */
export function fromAws(thrown: unknown, operation: string): FailedAttempt {
  if (thrown instanceof CertwayError) return new FailedAttempt(thrown); // of the call that was to give the credentials
  const exception = toException(thrown);
  const { name, message, $metadata = {} } = exception;
  const status = $metadata.httpStatusCode;
  const rule = ruleOf(exception, operation);
  const error = rule.toError(exception);
  const { requestId } = $metadata;
  const denial = rule === denied && denialOf(exception);
  error.aws = { operation, name, message, status, requestId, ...(denial && { denial }) };
  if (error instanceof UpstreamError) error.mayHaveHappened = mayHaveHappened(rule, operation);
  return new FailedAttempt(error, $metadata.clockSkewCorrected ? 'transient' : repeatOf(rule, operation));
}

/**
 * API Gateway has no idempotency tokens, so a call that creates is repeated only if AWS says that it did nothing. Nor is a change
 * of a stage, which might undo what someone else has done meanwhile, nor a test, which makes a request to a backend.
 */
const isIdempotent = (operation: string) => !/^(Create|Generate|UpdateStage|TestInvoke)/.test(operation);

const repeatOf = ({ repeat }: Rule, operation: string): Repeat | undefined =>
  repeat === 'transient' && !isIdempotent(operation) ? undefined : repeat;

/** Whether a change may have been made although its call failed. */
function mayHaveHappened(rule: Rule, operation: string): boolean {
  if (isRead(operation) || rule.unsent) return false;
  return rule.repeat === 'transient' || rule === unreadable || rule === givenUp;
}

function toException(thrown: unknown): Exception {
  return thrown instanceof Error ? thrown : { name: typeof thrown, message: String(thrown) };
}
