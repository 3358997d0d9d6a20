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

/** The two again. */
export function splitAccount(text: string): { accountId: string | undefined; arn: string } {
  const [, accountId, arn = text] = /^(\d{12}):(.*)$/s.exec(text) ?? [];
  return { accountId, arn };
}

/** The complaint about a thing of another region than these. */
export const expectedIn = (noun: string, regions: string, other: string): string =>
  `expected ${noun} of the region ${regions}, got one of another region, ${other}`;

/** The complaint about a thing that is elsewhere, where one region is served and no account is named; undefined if it is there. */
export function expectedHere(
  noun: string,
  region: string,
  its: { accountId: string | undefined; region: string },
): string | undefined {
  if (its.region !== region) return expectedIn(noun, region, its.region);
  if (its.accountId === undefined) return undefined;
  return `expected ${noun} without an account, since the settings name none, got one of the account ${its.accountId}`;
}

/**
 * The ARN of the API Gateway resource at a path such as `/clientcertificates/a1b2c3`. It contains no account. Thousands are kept, so
 * it is joined: V8 keeps a template as a chain of its parts, which takes three times as much.
 */
export const apiGatewayArn = (region: string, path: string): string =>
  ['arn', partitionOf(region), 'apigateway', region, '', path].join(':');
