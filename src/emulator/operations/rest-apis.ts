import type {
  CreateRestApiRequest,
  EndpointConfiguration,
  GetRestApisRequest,
} from '@aws-sdk/client-api-gateway';
import { type AccountRegion, epochSeconds, newId } from '../account-region.ts';
import { chosen, recorded } from '../errors/rest-apis.ts';
import { chosen as anyChosen } from '../errors.ts';
import type { RestApi } from '../store/rest-apis.ts';
import { pageOf } from './pages.ts';
import { checkTags, whereAny } from './rules.ts';

/** AWS's quota for regional APIs per account and region. Here it applies to all REST APIs. */
const MAX_APIS = 600;

const MAX_COMPRESSION_SIZE = 10_485_760;

/** Creates an API with its root resource. */
export function createRestApi({ store, now }: AccountRegion, input: CreateRestApiRequest): RestApi {
  const { name = '', description, tags = {}, minimumCompressionSize: compression = 0 } = input;
  const { apis, resources } = store.restApis;
  if (name === '') throw anyChosen.name('REST API');
  if (description === '') throw recorded.emptyDescription();
  if (compression < 0 || compression > MAX_COMPRESSION_SIZE) throw recorded.compressionSize();
  if (input.cloneFrom !== undefined) throw anyChosen.notEmulated('cloneFrom');
  checkTags(tags);
  if (apis.count('') >= MAX_APIS) throw chosen.apiQuota();
  const api: RestApi = {
    id: newId((id) => apis.get('', id) !== undefined, 10),
    name,
    description,
    version: input.version,
    createdDate: epochSeconds(now()),
    rootResourceId: newId(() => false, 10),
    apiKeySource: input.apiKeySource ?? 'HEADER',
    binaryMediaTypes: input.binaryMediaTypes,
    minimumCompressionSize: input.minimumCompressionSize,
    policy: input.policy,
    disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
    endpointConfiguration: endpointOf(input.endpointConfiguration),
    tags: whereAny(tags),
  };
  apis.insert('', api.id, api);
  resources.insert(api.id, api.rootResourceId, { id: api.rootResourceId, path: '/' });
  return api;
}

export const getRestApis = ({ store }: AccountRegion, request: GetRestApisRequest) =>
  pageOf(
    request,
    (limit, afterId) => store.restApis.apis.page('', limit, afterId),
    ({ id }) => id,
  );

export function getRestApi({ store, accountId }: AccountRegion, id: string): RestApi {
  const api = store.restApis.apis.get('', id);
  if (!api) throw recorded.apiNotFound(accountId, id);
  return api;
}

/** Deletes an API and everything that belongs to it. */
export function deleteRestApi(accountRegion: AccountRegion, id: string): void {
  const { apis, ...parts } = accountRegion.store.restApis;
  getRestApi(accountRegion, id);
  for (const documents of Object.values(parts)) documents.deleteAll(id);
  apis.delete('', id);
}

const ENDPOINT_TYPES: string[] = ['PRIVATE', 'EDGE', 'REGIONAL'];

/**
 * The defaults are from LocalStack's AWS-validated snapshot `test_create_rest_api_verify_defaults`.
 */
function endpointOf({
  types = ['EDGE'],
  ipAddressType,
  ...rest
}: EndpointConfiguration = {}): EndpointConfiguration {
  if (types.some((type) => !ENDPOINT_TYPES.includes(type))) throw recorded.endpointTypes(types);
  if (types.length > 1) throw recorded.severalEndpointTypes();
  return { ...rest, types, ipAddressType: ipAddressType ?? (types[0] === 'PRIVATE' ? 'dualstack' : 'ipv4') };
}
