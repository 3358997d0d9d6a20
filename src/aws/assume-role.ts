import { AssumeRoleCommand, type AssumeRoleCommandInput, type STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { Role } from '../settings/accounts.ts';
import { unreadableAnswer } from './errors.ts';

/** What CloudTrail shows of each call. */
export const SESSION_NAME = 'certway';

/** Starts a session of a role in the settings. Rejects with a `CertwayError`. */
export const assumeRole = async (sts: STSClient, { arn, externalId }: Role): Promise<AwsCredentialIdentity> =>
  startSession(sts, {
    RoleArn: arn,
    RoleSessionName: SESSION_NAME,
    ...(externalId !== undefined && { ExternalId: externalId }),
  });

/** Starts a session; rejects with a `CertwayError`. */
export async function startSession(
  sts: STSClient,
  input: AssumeRoleCommandInput,
): Promise<AwsCredentialIdentity> {
  const { Credentials: made } = await sts.send(new AssumeRoleCommand(input));
  if (!made?.AccessKeyId || !made.SecretAccessKey || !made.SessionToken || !made.Expiration)
    throw unreadableAnswer();
  return {
    accessKeyId: made.AccessKeyId,
    secretAccessKey: made.SecretAccessKey,
    sessionToken: made.SessionToken,
    expiration: made.Expiration,
  };
}
