import type { IncomingMessage } from 'node:http';
import { type AccountRegionName, DEFAULT } from './account-region-name.ts';
import { headerOf } from './canonical-request.ts';
import { recorded } from './errors/signature.ts';
import { roleOf } from './role.ts';
import type { Session, Sessions } from './sessions.ts';
import { type Credentials, verifySignature } from './signature.ts';

/** Who sends a request, by what its headers say. */
export type Caller = {
  /** Of the session's role or of the access key, and of the signature's scope. */
  accountRegion: AccountRegionName;
  accessKeyId: string;
  sessionToken: string | undefined;
  /** The session of the token, if the token is one of the emulator's and belongs to the key. */
  session: Session | undefined;
};

export type Authentication = {
  callerOf(message: IncomingMessage): Caller;
  /**
   * Throws unless the request is signed for this service by credentials that the emulator knows.
   * Without `credentials` it knows all, but sessions end all the same.
   */
  check(caller: Caller, service: string, message: IncomingMessage, url: URL, body: Buffer): void;
};

/** `Credential=AKID/20261120/us-east-1/apigateway/aws4_request` in an `Authorization` header. */
const CREDENTIAL = /(?:^|[\s,])Credential=([^/\s,]+)\/\d+\/([^/\s,]+)\//;

const REGION = /^[a-z0-9-]{1,32}$/;

/** An access key id that is an account's id belongs to that account, as with LocalStack. */
const ACCOUNT_ID = /^\d{12}$/;

export function createAuthentication(
  credentials: Credentials | undefined,
  sessions: Sessions,
  now: () => Date,
): Authentication {
  function secretOf({ session, sessionToken }: Caller, accessKeyId: string): string {
    if (session && sessionToken !== undefined) {
      checkExpiry(session);
      return sessions.secretOf(sessionToken);
    }
    if (accessKeyId !== credentials?.accessKeyId || sessionToken !== undefined)
      throw recorded.unrecognizedClient();
    return credentials.secretAccessKey;
  }

  function checkExpiry({ expiresMs }: Session): void {
    if (expiresMs <= now().getTime()) throw recorded.expiredToken();
  }

  return {
    callerOf: (message) => {
      const { authorization = '' } = message.headers;
      const [, accessKeyId = '', region = DEFAULT.region] = CREDENTIAL.exec(authorization) ?? [];
      const sessionToken = headerOf(message, 'x-amz-security-token');
      const found = sessionToken === undefined ? undefined : sessions.find(sessionToken);
      const session = found?.accessKeyId === accessKeyId ? found : undefined;
      const ofKey = !credentials && ACCOUNT_ID.test(accessKeyId) ? accessKeyId : DEFAULT.accountId;
      const accountId = (session && roleOf(session.roleArn)?.accountId) ?? ofKey;
      return { accountRegion: { accountId, region }, accessKeyId, sessionToken, session };
    },
    check: (caller, service, message, url, body) => {
      if (credentials) verifySignature(message, url, body, service, (key) => secretOf(caller, key), now());
      else if (caller.session) checkExpiry(caller.session);
      const { region } = caller.accountRegion;
      if (!REGION.test(region)) throw recorded.credentialScope([recorded.region(region)]);
    },
  };
}
