import type { Denial } from '../errors.ts';

/** What AWS currently refuses the service, for its operator. */
export type AwsDenials = {
  /** Notes that AWS refused a call of `operation`. */
  add(operation: string, denial: Denial): void;
  /** Notes that AWS accepted a call: the credentials are good, and `operation` is allowed. */
  clear(operation: string): void;
  list(): (Denial & { operation: string })[];
};

/** By the names of AWS's common errors (https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html). */
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
  MissingAuthenticationTokenException: 'wrong-signature',
  AccessDeniedException: 'not-allowed',
  AccessDenied: 'not-allowed',
  UnauthorizedException: 'not-allowed',
};

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

export function createAwsDenials(): AwsDenials {
  const denials = new Map<string, Denial>();
  return {
    add: (operation, denial) => {
      denials.set(operation, denial);
    },
    clear: (operation) => {
      denials.delete(operation);
      for (const [name, { reason }] of denials) if (reason !== 'not-allowed') denials.delete(name);
    },
    list: () => Array.from(denials, ([operation, denial]) => ({ operation, ...denial })),
  };
}
