import { decodeGlobalId } from '../relay/global-id.ts';
import { partitionOf } from '../settings/partitions.ts';

/** The ARN itself, or that in a global id of the type; empty for any other global id. */
export function arnIn(text: string, typename: string): string {
  const globalId = decodeGlobalId(text);
  if (!globalId) return text;
  return globalId.typename === typename ? globalId.id : '';
}

/** What a global id has of a resource: the account, where it is known, and the ARN, which has none. */
export const inAccount = (accountId: string | undefined, arn: string): string =>
  accountId === undefined ? arn : `${accountId}:${arn}`;

/** The ARN of the API Gateway resource at a path such as `/clientcertificates/a1b2c3`. It contains no account. */
export function apiGatewayArn(region: string, path: string): string {
  return `arn:${partitionOf(region)}:apigateway:${region}::${path}`;
}
