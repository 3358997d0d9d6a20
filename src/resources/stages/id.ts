import { quote } from '../../errors/input-issues.ts';
import { apiGatewayArn, arnIn, expectedHere, splitAccount } from '../arn.ts';
import type { Api, ApiProtocol } from './api.ts';

export const NOUN = 'a stage';

const COLLECTIONS: Record<ApiProtocol, string> = { REST: 'restapis', WEBSOCKET: 'apis' };

/** `arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5/stages/prod`; that of a WebSocket API has `/apis/`. */
export const arnOf = (region: string, { protocol, apiId }: Pick<Api, 'protocol' | 'apiId'>, name: string) =>
  apiGatewayArn(region, `/${COLLECTIONS[protocol]}/${apiId}/stages/${name}`);

/** AWS does not document which characters its ids and names have; a slash would end them. */
const ARN =
  /^(arn:[a-z-]+:apigateway:([a-z0-9-]{1,32})::)(\/(?:restapis|apis)\/[^/]{1,64}\/stages\/[^/]{1,128})$/;

export const isStageArn = (text: string): boolean => ARN.test(text);

/** The ARN from a global id or from itself; undefined if it is neither, or of another region. */
export function parseApiStageId(region: string, text: string): string | undefined {
  const arn = arnIn(text, 'ApiStage');
  const [, , , path = ''] = ARN.exec(arn) ?? [];
  return path !== '' && arn === apiGatewayArn(region, path) ? arn : undefined;
}

/** The complaint about a global id or an ARN that could not be parsed. */
export const expectedApiStageId = (region: string, text: string): string =>
  expectedRegion(region, text) ??
  `expected the global id or the ARN of a stage of this region, got ${quote(text)}`;

/** The complaint about a stage of another region, or of an account; undefined for any other text. */
export function expectedRegion(region: string, text: string): string | undefined {
  const { accountId, arn } = splitAccount(arnIn(text, 'ApiStage'));
  const [, , other] = ARN.exec(arn) ?? [];
  if (!other || parseApiStageId(other, arn) === undefined) return undefined;
  return expectedHere(NOUN, region, { accountId, region: other });
}
