import { decodeGlobalId } from '../../relay/global-id.ts';
import { splitAccount } from '../arn.ts';

/**
 * What an id says of the place of a thing: the 12 digits of the account, if it is a global id with them, and the region, if it is
 * that or an ARN. `local` is what the door there takes.
 */
export type Address = { accountId?: string; region?: string; local: string };

const ARN = /^arn:[a-z-]+:apigateway:([a-z0-9-]{1,32})::\/.+$/s;

/** `isLocal`: whether AWS's own ids are such texts. Undefined if the text is no id of the type. */
export function parseAddress(
  text: string,
  typename: string,
  isLocal: (text: string) => boolean,
): Address | undefined {
  if (isLocal(text)) return { local: text };
  const globalId = decodeGlobalId(text);
  if (globalId && globalId.typename !== typename) return undefined;
  const { accountId, arn } = splitAccount(globalId?.id ?? text);
  const [, region] = ARN.exec(arn) ?? [];
  if (region === undefined || (accountId !== undefined && !globalId)) return undefined;
  return { region, local: arn, ...(accountId !== undefined && { accountId }) };
}
