import type { View } from '../route.ts';
import type { Deployment } from '../store/rest-apis.ts';
import { apiPath, collection, curie, isoDates, item, link, type Page, template } from './hal.ts';

/**
 * As in the sample response of
 * https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html.
 */
export const deployment: View<Deployment> = {
  json: (output) => output,
  hal: (output, url) => item(CURIES, linksOf(apiPath(url), output), isoDates(output)),
};

/** As in the sample of API_GetDeployments. */
export const deployments: View<Page<Deployment>> = {
  json: ({ items, position }) => ({ item: items, position }),
  hal: (page, url) =>
    collection(
      page,
      url,
      CURIES,
      {
        'deployment:by-id': template(`${apiPath(url)}/deployments/{deployment_id}{?embed}`),
        'deployment:create': link(`${apiPath(url)}/deployments`),
      },
      (one) => ({ links: linksOf(apiPath(url), one), members: isoDates(one) }),
    ),
};

const CURIES = [curie('deployment')];

function linksOf(api: string, { id }: Deployment) {
  const self = link(`${api}/deployments/${id}`);
  return {
    self,
    'deployment:delete': self,
    'deployment:stages': link(`${api}/stages?deployment_id=${id}`),
    'deployment:update': self,
  };
}
