import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { doesIdentityRequireRefresh, isIdentityExpired, memoizeIdentityProvider } from '@smithy/core';
import type { AwsCredentialIdentity } from '@smithy/types';
import { UpstreamError } from '../errors.ts';
import type { AccountSetting, Role } from '../settings/accounts.ts';

/** An AWS account: how calls there are signed, and what it is called. */
export type Account = {
  /** As in the settings; undefined for the account that the SDK is configured for. */
  name: string | undefined;
  /** Its 12 digits; undefined until they are known, and always without a name. */
  id(): string | undefined;
  /** Asks AWS for the 12 digits, unless they are known, or the account has no name. Rejects with a `CertwayError`. */
  identify(): Promise<string | undefined>;
  /** Those of the SDK's own chain if left out. All clients of the account share them. */
  credentials?: Credentials;
};

/** As clients of the SDK ask for credentials: `forceRefresh` means that AWS has refused the last ones. */
export type Credentials = (options?: { forceRefresh?: boolean }) => Promise<AwsCredentialIdentity>;

/** What CloudTrail shows of each call. */
const SESSION_NAME = 'certway';

/**
 * An account in the settings. AWS is asked when its credentials or its digits are needed first, and again before the credentials
 * expire. `sts` gives the client of the account's profile, or the one that assumes its role.
 */
export function createAccount({ name, role }: AccountSetting, sts: () => STSClient): Account {
  let id = role?.accountId;
  let asking: Promise<string> | undefined;

  async function ask(): Promise<string> {
    const { Account: answer = '' } = await sts().send(new GetCallerIdentityCommand({}));
    if (!/^\d{12}$/.test(answer)) throw unreadable();
    id = answer;
    return answer;
  }

  return {
    name,
    id: () => id,
    identify: async () => {
      if (id !== undefined) return id;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    credentials: role ? assuming(sts, role) : async (options) => sts().config.credentials(options),
  };
}

/** One AssumeRole for all who need it, repeated five minutes before it expires. */
function assuming(sts: () => STSClient, { arn, externalId }: Role): Credentials {
  async function assume(): Promise<AwsCredentialIdentity> {
    const command = new AssumeRoleCommand({
      RoleArn: arn,
      RoleSessionName: SESSION_NAME,
      ...(externalId !== undefined && { ExternalId: externalId }),
    });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } =
      (await sts().send(command)).Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw unreadable();
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  }
  return memoizeIdentityProvider(assume, isIdentityExpired, doesIdentityRequireRefresh) ?? assume;
}

const unreadable = () => new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent an answer that cannot be read.');
