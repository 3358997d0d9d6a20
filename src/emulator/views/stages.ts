import type { View } from '../route.ts';
import type { Stage } from '../store/rest-apis.ts';
import { apiPath, curie, isoDates, item, link, oneOrMany, template } from './hal.ts';

/**
 * As in the sample response of
 * https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html.
 */
export const stage: View<Stage> = {
  json: (output) => output,
  hal: (output, url) => item(CURIES, linksOf(apiPath(url), output), isoDates(output)),
};

/** As in the sample of API_GetStages, whose link `self` is a template. */
export const stages: View<{ item: Stage[] }> = {
  json: (output) => output,
  hal: ({ item: all }, url) => {
    const api = apiPath(url);
    const embedded = all.map((one) => ({ _links: linksOf(api, one), ...isoDates(one) }));
    return {
      _links: {
        curies: oneOrMany(CURIES),
        self: template(`${api}/stages{?deployment_id}`),
        ...(all.length > 0 && { item: oneOrMany(embedded.map(({ _links }) => _links.self)) }),
        'stage:by-name': template(`${api}/stages/{stage_name}`),
        'stage:create': link(`${api}/stages`),
      },
      ...(all.length > 0 && { _embedded: { item: oneOrMany(embedded) } }),
    };
  },
};

const CURIES = [curie('stage')];

function linksOf(api: string, { stageName, cacheClusterEnabled }: Stage) {
  const path = `${api}/stages/${stageName}`;
  return {
    self: link(path),
    'stage:delete': link(path),
    'stage:flush-authorizer-cache': link(`${path}/cache/authorizers`),
    ...(cacheClusterEnabled && { 'stage:flush-cache': link(`${path}/cache/data`) }),
    'stage:update': link(path),
  };
}
