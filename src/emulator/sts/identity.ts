import { createHash } from 'node:crypto';
import type { Caller } from '../authentication.ts';
import { type Role, roleOf } from '../role.ts';
import type { Session } from '../sessions.ts';
import { uniqueId } from '../unique-id.ts';

/** IAM's identifiers of roles and users have 21 characters. */
const ID_LENGTH = 21;

const idOf = (prefix: string, text: string) =>
  uniqueId(prefix, ID_LENGTH, createHash('sha256').update(text).digest());

/** `AssumedRoleUser` in the answer to AssumeRole. A role's path is not in the ARN. */
export const assumedRoleUser = (
  { partition, accountId, name }: Role,
  { roleArn, sessionName }: Pick<Session, 'roleArn' | 'sessionName'>,
) => ({
  AssumedRoleId: `${idOf('AROA', roleArn)}:${sessionName}`,
  Arn: `arn:${partition}:sts::${accountId}:assumed-role/${name}/${sessionName}`,
});

/** The answer to GetCallerIdentity. Whoever is no session is a user of IAM with the name `emulator`. */
export function getCallerIdentity({ accountRegion, accessKeyId, session }: Caller) {
  const { accountId, region } = accountRegion;
  const role = session && roleOf(session.roleArn);
  if (session && role) {
    const { Arn, AssumedRoleId } = assumedRoleUser(role, session);
    return { Arn, UserId: AssumedRoleId, Account: accountId };
  }
  const arn = `arn:${partitionOf(region)}:iam::${accountId}:user/emulator`;
  return { Arn: arn, UserId: idOf('AIDA', accessKeyId), Account: accountId };
}

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
