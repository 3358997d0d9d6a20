export type Role = { partition: string; accountId: string; name: string };

/** The name and the path are as in IAM: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const ROLE = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[!-~]*\/)?([\w+=,.@-]{1,64})$/;

/** Undefined if the ARN is not that of a role. */
export function roleOf(arn: string): Role | undefined {
  const [, partition, accountId, name] = ROLE.exec(arn) ?? [];
  return partition && accountId && name ? { partition, accountId, name } : undefined;
}
