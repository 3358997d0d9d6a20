import { type AccountRegion, epochSeconds, isoSeconds } from './account-region.ts';
import { createCertificate } from './operations/client-certificates.ts';
import { emptyStage } from './operations/stages.ts';
import { endpointOf } from './operations/v2-apis.ts';
import { emptyStage as emptyV2Stage } from './operations/v2-stages.ts';
import type { Resource, Stage } from './store/rest-apis.ts';
import type { Api, V2Stage } from './store/v2-apis.ts';
import type { KeyPair } from './x509.ts';

/** A certificate that exists from the start. */
export type Example = { id?: string; description?: string; tags?: Record<string, string>; createdDate: Date };

/**
 * A REST API with one deployment, which all of its stages use. Stages have the members of AWS's
 * stages, and their certificates need not exist. The API has the method ANY for `/` and
 * `/{proxy+}`. It calls the `backend`, or is a mock.
 */
export type RestApiSeed = {
  id: string;
  name?: string;
  tags?: Record<string, string>;
  /** `https://localhost:8443`, without a path. */
  backend?: string;
  stages?: (Pick<Stage, 'stageName'> & Partial<Stage>)[];
};

/**
 * A WebSocket or HTTP API. Stages have AWS's members in camel case, and their certificates need not
 * exist.
 */
export type ApiSeed = {
  apiId: string;
  name?: string;
  protocolType?: Api['protocolType'];
  tags?: Record<string, string>;
  stages?: (Pick<V2Stage, 'stageName'> & Partial<V2Stage>)[];
};

/** What an account and region has from the start. */
export type Seeds = { examples?: Example[]; restApis?: RestApiSeed[]; apis?: ApiSeed[] };

/** Makes what exists from the start, with one key pair for all, since making one is slow. */
export async function seedAll(
  all: { accountRegion: AccountRegion; seeds: Seeds }[],
  generateKeyPair: () => Promise<KeyPair>,
): Promise<void> {
  let keyPair: Promise<KeyPair> | undefined;
  const oneKeyPair = () => {
    keyPair ??= generateKeyPair();
    return keyPair;
  };
  for (const { accountRegion, seeds } of all)
    await seed({ ...accountRegion, quota: Number.MAX_SAFE_INTEGER, generateKeyPair: oneKeyPair }, seeds);
}

/** Does nothing if there is a certificate or an API already. */
async function seed(
  accountRegion: AccountRegion,
  { examples = [], restApis = [], apis = [] }: Seeds,
): Promise<void> {
  const { store } = accountRegion;
  const isEmpty =
    store.certificates.count() + store.restApis.apis.count('') + store.v2Apis.apis.count('') === 0;
  if (!isEmpty) return;
  store.transaction(() => {
    for (const api of restApis) seedRestApi(accountRegion, api);
    for (const api of apis) seedApi(accountRegion, api);
  });
  for (const example of examples) await createCertificate(accountRegion, example);
}

function seedRestApi(
  { store, now }: AccountRegion,
  { id, name = id, tags, backend, stages = [] }: RestApiSeed,
): void {
  const createdDate = epochSeconds(now());
  const rootResourceId = `${id}root`;
  const deploymentId = `${id}deployment`;
  const resources = resourcesOf(rootResourceId, backend);
  const { restApis } = store;
  restApis.apis.insert('', id, {
    id,
    name,
    createdDate,
    rootResourceId,
    apiKeySource: 'HEADER',
    disableExecuteApiEndpoint: false,
    endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'ipv4' },
    tags,
  });
  for (const resource of resources) restApis.resources.insert(id, resource.id, resource);
  restApis.deployments.insert(id, deploymentId, { id: deploymentId, createdDate });
  restApis.deployedResources.insert(id, deploymentId, resources);
  for (const stage of stages)
    restApis.stages.insert(id, stage.stageName, {
      ...emptyStage(stage.stageName, deploymentId, createdDate),
      ...stage,
    });
}

function resourcesOf(rootId: string, backend: string | undefined): Resource[] {
  const proxyId = `${rootId}proxy`;
  return [
    { id: rootId, path: '/', resourceMethods: { ANY: anyMethod(rootId, backend) } },
    {
      id: proxyId,
      parentId: rootId,
      pathPart: '{proxy+}',
      path: '/{proxy+}',
      resourceMethods: { ANY: anyMethod(proxyId, backend && `${backend}/{proxy}`) },
    },
  ];
}

const anyMethod = (resourceId: string, uri: string | undefined) => ({
  httpMethod: 'ANY',
  authorizationType: 'NONE',
  apiKeyRequired: false,
  methodIntegration: {
    ...(uri
      ? { type: 'HTTP_PROXY' as const, httpMethod: 'ANY', uri, connectionType: 'INTERNET' as const }
      : { type: 'MOCK' as const }),
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutInMillis: 29_000,
    cacheNamespace: resourceId,
    cacheKeyParameters: [],
  },
});

function seedApi({ store, now, region }: AccountRegion, seeded: ApiSeed): void {
  const { apiId, name = apiId, protocolType = 'WEBSOCKET', tags = {}, stages = [] } = seeded;
  const createdDate = isoSeconds(now());
  store.v2Apis.apis.insert('', apiId, {
    apiId,
    name,
    protocolType,
    createdDate,
    apiEndpoint: endpointOf(protocolType, apiId, region),
    apiKeySelectionExpression: '$request.header.x-api-key',
    routeSelectionExpression:
      protocolType === 'HTTP' ? '$request.method $request.path' : '$request.body.action',
    disableExecuteApiEndpoint: false,
    ipAddressType: 'ipv4',
    tags,
  });
  for (const stage of stages)
    store.v2Apis.stages.insert(apiId, stage.stageName, {
      ...emptyV2Stage(stage.stageName, createdDate),
      ...stage,
    });
}
