import type { View } from '../route.ts';
import type { RestApi } from '../store/rest-apis.ts';
import { collection, curie, isoDates, item, link, type Page, template } from './hal.ts';

/**
 * As in the sample response of
 * https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html.
 */
export const restApi: View<RestApi> = {
  json: (output) => output,
  hal: (output) => item(CURIES, linksOf(output), isoDates(output)),
};

export const restApis: View<Page<RestApi>> = {
  json: ({ items, position }) => ({ item: items, position }),
  hal: (page, url) =>
    collection(
      page,
      url,
      CURIES,
      {
        'restapi:by-id': template('/restapis/{restapi_id}'),
        'restapi:create': link('/restapis'),
        'restapi:put': template('/restapis/{restapi_id}?failonwarnings=false{&mode}'),
      },
      (one) => ({ links: linksOf(one), members: isoDates(one) }),
    ),
};

const CURIES = ['authorizer', 'deployment', 'model', 'resource', 'restapi', 'stage'].map((noun) =>
  curie(noun),
);

function linksOf({ id, rootResourceId }: RestApi) {
  const path = `/restapis/${id}`;
  return {
    self: link(path),
    'authorizer:by-id': template(`${path}/authorizers/{authorizer_id}`),
    'authorizer:create': link(`${path}/authorizers`),
    'deployment:by-id': template(`${path}/deployments/{deployment_id}{?embed}`),
    'deployment:create': link(`${path}/deployments`),
    'model:by-name': template(`${path}/models/{model_name}?flatten=false`),
    'model:create': link(`${path}/models`),
    'resource:by-id': template(`${path}/resources/{resource_id}{?embed}`),
    'resource:create': link(`${path}/resources/${rootResourceId}`),
    'restapi:authorizers': link(`${path}/authorizers`),
    'restapi:delete': link(path),
    'restapi:deployments': template(`${path}/deployments{?limit}`),
    'restapi:models': link(`${path}/models`),
    'restapi:resources': template(`${path}/resources{?limit,embed}`),
    'restapi:stages': template(`${path}/stages{?deployment_id}`),
    'restapi:update': link(path),
    'stage:by-name': template(`${path}/stages/{stage_name}`),
    'stage:create': link(`${path}/stages`),
  };
}
