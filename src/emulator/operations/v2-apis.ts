import { type AccountRegion, isoSeconds, newId } from '../account-region.ts';
import { chosen } from '../errors/v2-apis.ts';
import { chosen as anyChosen } from '../errors.ts';
import type { Api } from '../store/v2-apis.ts';
import { checkTags } from './rules.ts';
import { type TokenPageRequest, tokenPageOf } from './token-pages.ts';

/** AWS's quota for regional APIs per account and region. */
const MAX_APIS = 600;

/** The members of a CreateApi request. */
export type NewApi = {
  name: string | undefined;
  protocolType: string | undefined;
  description: string | undefined;
  version: string | undefined;
  routeSelectionExpression: string | undefined;
  apiKeySelectionExpression: string | undefined;
  disableExecuteApiEndpoint: boolean | undefined;
  tags: Record<string, string> | undefined;
};

export function createApi({ store, now, region }: AccountRegion, input: NewApi): Api {
  const { name = '', protocolType, tags = {} } = input;
  const { apis } = store.v2Apis;
  if (name === '') throw anyChosen.name('API');
  if (protocolType !== 'HTTP' && protocolType !== 'WEBSOCKET') throw chosen.protocolType();
  if (protocolType === 'WEBSOCKET' && !input.routeSelectionExpression)
    throw chosen.routeSelectionExpression();
  checkTags(tags, tags, chosen.tooManyTags);
  if (apis.count('') >= MAX_APIS) throw chosen.apiQuota();
  const apiId = newId((id) => apis.get('', id) !== undefined, 10);
  const api: Api = {
    apiId,
    name,
    protocolType,
    description: input.description,
    version: input.version,
    createdDate: isoSeconds(now()),
    apiEndpoint: endpointOf(protocolType, apiId, region),
    apiKeySelectionExpression: input.apiKeySelectionExpression ?? '$request.header.x-api-key',
    routeSelectionExpression: input.routeSelectionExpression ?? '$request.method $request.path',
    disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
    ipAddressType: 'ipv4',
    tags,
  };
  apis.insert('', apiId, api);
  return api;
}

export const endpointOf = (protocolType: Api['protocolType'], apiId: string, region: string): string =>
  `${protocolType === 'HTTP' ? 'https' : 'wss'}://${apiId}.execute-api.${region}.amazonaws.com`;

export const getApis = ({ store }: AccountRegion, request: TokenPageRequest) =>
  tokenPageOf(
    request,
    (limit, afterId) => store.v2Apis.apis.page('', limit, afterId),
    ({ apiId }) => apiId,
  );

export function getApi({ store, accountId }: AccountRegion, apiId: string): Api {
  const api = store.v2Apis.apis.get('', apiId);
  if (!api) throw chosen.apiNotFound(accountId, apiId);
  return api;
}

/** Deletes an API and its stages. */
export function deleteApi(accountRegion: AccountRegion, apiId: string): void {
  const { apis, stages } = accountRegion.store.v2Apis;
  getApi(accountRegion, apiId);
  stages.deleteAll(apiId);
  apis.delete('', apiId);
}
