import type { Denial } from '../errors/errors.ts';

/** What AWS currently refuses the service, for its operator. */
export type AwsDenials = {
  /** Notes that AWS refused a call of `operation`. */
  add(operation: string, denial: Denial): void;
  /** Notes that AWS accepted a call: the credentials are good, and `operation` is allowed. */
  clear(operation: string): void;
  list(): (Denial & { operation: string })[];
};

/**
 * By the names of AWS's common errors (https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html), and of those of STS
 * (https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html), some of which have the status 400.
 */
const REASONS: Record<string, Denial['reason']> = {
  CredentialsProviderError: 'no-credentials',
  ExpiredTokenException: 'expired',
  ExpiredToken: 'expired',
  RequestExpired: 'wrong-signature',
  UnrecognizedClientException: 'unknown-key',
  InvalidClientTokenId: 'unknown-key',
  InvalidAccessKeyId: 'unknown-key',
  InvalidSignatureException: 'wrong-signature',
  SignatureDoesNotMatch: 'wrong-signature',
  IncompleteSignatureException: 'wrong-signature',
  IncompleteSignature: 'wrong-signature',
  MissingAuthenticationTokenException: 'wrong-signature',
  MissingAuthenticationToken: 'wrong-signature',
  AccessDeniedException: 'not-allowed',
  AccessDenied: 'not-allowed',
  UnauthorizedException: 'not-allowed',
  NotAuthorized: 'not-allowed',
  OptInRequired: 'not-allowed',
  RegionDisabledException: 'not-allowed',
};

/** Whether an error with this name is a refusal, whatever its status. */
export const isDenial = (name: string): boolean => Object.hasOwn(REASONS, name);

/** AWS says `User: … is not authorized to perform: apigateway:GET on resource: …`. */
const ACTION = /not authorized to perform: ([a-z0-9-]+:[a-z]+)/i;

export function denialOf({ name, message }: { name: string; message: string }): Denial {
  const reason = REASONS[name] ?? 'other';
  const action = reason === 'not-allowed' ? ACTION.exec(message)?.[1] : undefined;
  return { reason, ...(action && { action }) };
}

/** Whether other credentials may help: a file or a profile may have changed since the start. */
export const isOfCredentials = ({ reason }: Denial): boolean =>
  reason === 'expired' || reason === 'unknown-key' || reason === 'wrong-signature';

/** Whether an accepted call shows that it is over: the credentials are good, and the role was assumed. */
const isOfAll = ({ reason, action }: Denial): boolean =>
  reason !== 'not-allowed' || action?.toLowerCase() === 'sts:assumerole';

export function createAwsDenials(): AwsDenials {
  const denials = new Map<string, Denial>();
  return {
    add: (operation, denial) => {
      denials.set(operation, denial);
    },
    clear: (operation) => {
      denials.delete(operation);
      for (const [name, denial] of denials) if (isOfAll(denial)) denials.delete(name);
    },
    list: () => Array.from(denials, ([operation, denial]) => ({ operation, ...denial })),
  };
}
