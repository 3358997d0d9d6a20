import { GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import type { AccountRegion } from '../aws/account-region.ts';

/** Reads as few WebSocket APIs as possible. */
export const tryV2 = async (v2: AccountRegion['v2']): Promise<unknown> =>
  (await v2()).send(new GetApisCommand({ MaxResults: '1' }));
