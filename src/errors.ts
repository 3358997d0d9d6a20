import { GraphQLError, type GraphQLErrorOptions } from 'graphql';

/** Codes of the errors that a caller of a mutation can act on: they come back as data, in the result's union. */
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

/** Codes of what a caller is refused for, whatever they asked for; they come as the failures do. */
export type AccessCode = 'UNAUTHENTICATED' | 'AUTHENTICATION_UNAVAILABLE' | 'FORBIDDEN';

/** One complaint about the input: where (`["input", "tags", "0", "key"]`), and what was expected and got. */
export type InputIssue = { path: string[]; message: string };

/** What AWS said, for the log only: it may name hosts, keys and accounts. */
export type AwsFailure = {
  operation: string;
  name: string;
  message: string;
  status: number | undefined;
  requestId: string | undefined;
  /** Present where AWS refuses the service itself. */
  denial?: Denial;
};

/**
 * Why AWS refuses the service: there are no credentials, they have expired, AWS does not know their key, does not get
 * the same signature, or they lack the IAM action, which AWS mostly names.
 */
export type Denial = {
  reason: 'no-credentials' | 'expired' | 'unknown-key' | 'wrong-signature' | 'not-allowed' | 'other';
  action?: string;
};

/**
 * An error whose code and message are meant for the client; thrown in a query it is a GraphQL error. It has no stack
 * trace: nobody would read it, and to take one costs more than all else about the error.
 */
export abstract class CertwayError extends GraphQLError {
  /** Present where it came from AWS. */
  aws?: AwsFailure;
  /** The SDK's retry strategy repeats a call whose error has this, and no other. */
  $retryable?: { throttling: boolean };
  /** Written by the SDK once it gives up. */
  $metadata?: { attempts?: number };
  abstract readonly code: ResultErrorCode | FailureCode | AccessCode;

  constructor(message: string, options: GraphQLErrorOptions) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // as Node itself does for errors whose stack nobody is to see
    super(message, options);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** How many errors of fields an answer tells. */
const MAX_FIELD_ERRORS = 100;

/** The errors of fields of one operation. */
export type FieldErrors = {
  /** Rejects with the error, which is only made while there are few. */
  reject(make: () => Error): Promise<never>;
};

export function createFieldErrors(): FieldErrors {
  let count = 0;
  let others: Promise<never> | undefined;
  return {
    reject: (make) => {
      count += 1;
      if (count <= MAX_FIELD_ERRORS) return Promise.reject(make());
      others ??= Promise.reject(new TooManyErrors());
      return others;
    },
  };
}

/** As many of them as an answer tells, and one error for all others. */
export function firstOf(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  if (errors.length <= MAX_FIELD_ERRORS) return errors;
  const first = errors.filter((error) => !(error instanceof TooManyErrors)).slice(0, MAX_FIELD_ERRORS);
  return [...first, new TooManyErrors(null)];
}

/** Stands for all errors of fields beyond the first ones. With a path the executor leaves it as it is. */
class TooManyErrors extends GraphQLError {
  constructor(path: [] | null = []) {
    super(`There are more errors; these are the first ${MAX_FIELD_ERRORS}.`, {
      path,
      extensions: { code: 'TOO_MANY_ERRORS' },
    });
  }
}

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

/** There is no such certificate. */
export class NotFoundError extends CertwayError {
  override readonly name = 'NotFoundError';
  readonly code = 'NOT_FOUND';
  constructor() {
    super('There is no such client certificate.', { extensions: { code: 'NOT_FOUND' } });
  }
}

/** AWS refuses the change because of another one, or of what uses the certificate. */
export class ConflictError extends CertwayError {
  override readonly name = 'ConflictError';
  readonly code = 'CONFLICT';
  constructor(message: string) {
    super(message, { extensions: { code: 'CONFLICT' } });
  }
}

/** A quota of the AWS account is used up: 60 client certificates a region, unless raised, or 50 tags on one. */
export class LimitExceededError extends CertwayError {
  override readonly name = 'LimitExceededError';
  readonly code = 'LIMIT_EXCEEDED';
  constructor(message: string) {
    super(message, { extensions: { code: 'LIMIT_EXCEEDED' } });
  }
}

/** What was asked cannot be had of AWS, and no other input would help. */
export class UpstreamError extends CertwayError {
  override readonly name = 'UpstreamError';
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string, extensions: Record<string, unknown> = {}) {
    super(message, { extensions: { code, ...extensions } });
    this.code = code;
  }
}

/** The time for an operation was over while it looked through what is known. */
export class OverloadedError extends CertwayError {
  override readonly name = 'OverloadedError';
  readonly code = 'OVERLOADED';
  constructor() {
    super('The service has too much to do: the time for the operation was over before this was found.', {
      extensions: { code: 'OVERLOADED' },
    });
  }
}

/** What is wrong with the credentials, as far as a client is told. */
const CREDENTIAL_PROBLEMS = {
  missing: 'This service needs credentials.',
  expired: 'The credentials have expired.',
  invalid: 'The credentials are not valid.',
};

/** The caller did not say credibly who they are. */
export class UnauthenticatedError extends CertwayError {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'UNAUTHENTICATED';
  readonly problem: keyof typeof CREDENTIAL_PROBLEMS;
  /** What exactly is wrong, for the log only. */
  readonly reason: string;
  constructor(problem: keyof typeof CREDENTIAL_PROBLEMS, reason: string) {
    super(CREDENTIAL_PROBLEMS[problem], { extensions: { code: 'UNAUTHENTICATED' } });
    this.problem = problem;
    this.reason = reason;
  }
}

/** Nobody can tell now whether the credentials are valid. */
export class AuthenticationUnavailableError extends CertwayError {
  override readonly name = 'AuthenticationUnavailableError';
  readonly code = 'AUTHENTICATION_UNAVAILABLE';
  /** When to try again. */
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

/** The caller is known, and does not have the scope that this takes. */
export class ForbiddenError extends CertwayError {
  override readonly name = 'ForbiddenError';
  readonly code = 'FORBIDDEN';
  constructor(requiredScope: string) {
    super(`This takes the scope ${requiredScope}.`, { extensions: { code: 'FORBIDDEN', requiredScope } });
  }
}

/** What a client sees of an error that nobody meant for it; `unexpected` is that error, for the log. */
export class MaskedError extends GraphQLError {
  readonly unexpected: unknown;

  constructor(unexpected: unknown) {
    const { nodes, path } = unexpected instanceof GraphQLError ? unexpected : {};
    super('Something went wrong in the service; its log has more under the request id.', {
      nodes: nodes ?? null,
      path,
      extensions: { code: 'INTERNAL_SERVER_ERROR', unexpected: true },
    });
    this.unexpected = unexpected;
  }
}
