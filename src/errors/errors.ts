import { GraphQLError, type GraphQLErrorOptions } from 'graphql';

/** Codes of the errors that the caller of a mutation can act on. They are data, in the union of the result. */
export type ResultErrorCode = 'BAD_USER_INPUT' | 'NOT_FOUND' | 'CONFLICT' | 'LIMIT_EXCEEDED';

/** Codes of the other failures, which come as GraphQL errors with `extensions.code`. */
export type FailureCode =
  | 'THROTTLED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_DENIED'
  | 'COLLECTION_TOO_LARGE'
  | 'OVERLOADED'
  | 'TOO_MANY_UPSTREAM_CALLS';

/** Codes of refusals because of the caller, whatever they asked for. They come as the failures do. */
export type AccessCode = 'UNAUTHENTICATED' | 'AUTHENTICATION_UNAVAILABLE' | 'FORBIDDEN';

/** A complaint about the input: where (`["input", "tags", "0", "key"]`), what was expected and what came. */
export type InputIssue = { path: string[]; message: string };

/** AWS's words, for the log only, because they may name hosts, keys and accounts. */
export type AwsFailure = {
  operation: string;
  name: string;
  message: string;
  status: number | undefined;
  requestId: string | undefined;
  /** Present if AWS refuses the service's credentials. */
  denial?: Denial;
};

/**
 * Why AWS refuses the service: there are no credentials, they have expired, AWS does not know the key, the signature is
 * wrong, or the IAM action is not allowed, which AWS mostly names.
 */
export type Denial = {
  reason: 'no-credentials' | 'expired' | 'unknown-key' | 'wrong-signature' | 'not-allowed' | 'other';
  action?: string;
};

/**
 * An error whose code and message are meant for the client. Thrown in a query it is a GraphQL error. It has no stack trace:
 * nobody would read it, and capturing one costs more than everything else about the error.
 */
export abstract class CertwayError extends GraphQLError {
  /** Present if it came from AWS. */
  aws?: AwsFailure;
  /** Whether an earlier attempt of the same call may have made the change. */
  isAfterUnsure?: true;
  abstract readonly code: ResultErrorCode | FailureCode | AccessCode;

  constructor(message: string, options: GraphQLErrorOptions) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // as Node itself does for errors without a stack
    super(message, options);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Replaces an error that came from AWS by `error`, and keeps AWS's words with it. */
export const inPlaceOf = <E extends CertwayError>({ aws, isAfterUnsure }: CertwayError, error: E): E =>
  Object.assign(error, { ...(aws && { aws }), ...(isAfterUnsure && { isAfterUnsure }) });

/** The input is wrong; `issues` has every complaint. */
export class InvalidInputError extends CertwayError {
  override readonly name = 'InvalidInputError';
  readonly code = 'BAD_USER_INPUT';
  readonly issues: InputIssue[];

  constructor(issues: InputIssue[]) {
    const complaints = issues.map(({ path, message }) =>
      path.length === 0 ? message : `${path.join('.')}: ${message}`,
    );
    super(complaints.join('; '), { extensions: { code: 'BAD_USER_INPUT', issues } });
    this.issues = issues;
  }
}

/** The named thing does not exist; `noun` says what it is. */
export class NotFoundError extends CertwayError {
  override readonly name = 'NotFoundError';
  readonly code = 'NOT_FOUND';
  constructor(noun = 'thing') {
    super(`There is no such ${noun}.`, { extensions: { code: 'NOT_FOUND' } });
  }
}

/** AWS refuses the change because of a concurrent one, or because the thing is in use. */
export class ConflictError extends CertwayError {
  override readonly name = 'ConflictError';
  readonly code = 'CONFLICT';
  constructor(message: string) {
    super(message, { extensions: { code: 'CONFLICT' } });
  }
}

/** A quota of the AWS account is used up. */
export class LimitExceededError extends CertwayError {
  override readonly name = 'LimitExceededError';
  readonly code = 'LIMIT_EXCEEDED';
  constructor(message: string) {
    super(message, { extensions: { code: 'LIMIT_EXCEEDED' } });
  }
}

/** AWS cannot answer, and other input would not help. */
export class UpstreamError extends CertwayError {
  override readonly name = 'UpstreamError';
  readonly code: FailureCode;
  /** Whether the change may have been made anyway. */
  mayHaveHappened = false;
  constructor(code: FailureCode, message: string, extensions: Record<string, unknown> = {}) {
    super(message, { extensions: { code, ...extensions } });
    this.code = code;
  }
}

/** There is no time or no room for what was asked; by default, the operation's time was over during a search. */
export class OverloadedError extends CertwayError {
  override readonly name = 'OverloadedError';
  readonly code = 'OVERLOADED';
  constructor(why = 'the operation timed out before the search was complete.') {
    super(`The service has too much to do: ${why}`, { extensions: { code: 'OVERLOADED' } });
  }
}

/** What is wrong with the credentials, in words for the client. */
const CREDENTIAL_PROBLEMS = {
  missing: 'This service needs credentials.',
  expired: 'The credentials have expired.',
  invalid: 'The credentials are not valid.',
};

/** The request has no valid credentials. */
export class UnauthenticatedError extends CertwayError {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'UNAUTHENTICATED';
  readonly problem: keyof typeof CREDENTIAL_PROBLEMS;
  /** The details, for the log only. */
  readonly reason: string;
  constructor(problem: keyof typeof CREDENTIAL_PROBLEMS, reason: string) {
    super(CREDENTIAL_PROBLEMS[problem], { extensions: { code: 'UNAUTHENTICATED' } });
    this.problem = problem;
    this.reason = reason;
  }
}

/** The credentials cannot be checked at present. */
export class AuthenticationUnavailableError extends CertwayError {
  override readonly name = 'AuthenticationUnavailableError';
  readonly code = 'AUTHENTICATION_UNAVAILABLE';
  /** After this time the client may try again. */
  readonly retryAfterSeconds: number;
  /** For the log, as that of an `UnauthenticatedError`. */
  readonly reason = 'the keys of the issuer cannot be read';
  constructor(retryAfterMs: number) {
    const retryAfterSeconds = Math.max(Math.ceil(retryAfterMs / 1000), 1);
    super('The credentials cannot be checked now.', {
      extensions: { code: 'AUTHENTICATION_UNAVAILABLE', retryAfterSeconds },
    });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The caller lacks the required scope. */
export class ForbiddenError extends CertwayError {
  override readonly name = 'ForbiddenError';
  readonly code = 'FORBIDDEN';
  constructor(requiredScope: string) {
    super(`Requires the scope ${requiredScope}.`, { extensions: { code: 'FORBIDDEN', requiredScope } });
  }
}

/** Stands for an error that is not meant for clients; `unexpected` is that error, for the log. */
export class MaskedError extends GraphQLError {
  readonly unexpected: unknown;

  constructor(unexpected: unknown) {
    const { nodes, path } = unexpected instanceof GraphQLError ? unexpected : {};
    super('Something went wrong in the service; its log has the details under the request id.', {
      nodes: nodes ?? null,
      path,
      extensions: { code: 'INTERNAL_SERVER_ERROR', unexpected: true },
    });
    this.unexpected = unexpected;
  }
}
