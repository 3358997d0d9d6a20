import type { Integration } from '@aws-sdk/client-api-gateway';
import type { View } from '../route.ts';
import type { Resource, StoredMethod } from '../store/rest-apis.ts';
import { apiPath, collection, curie, item, type Links, link, oneOrMany, type Page, template } from './hal.ts';

/**
 * As in the sample response of
 * https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html.
 */
export const resource: View<Resource> = {
  json: (output) => output,
  hal: (output, url) => item(RESOURCE_CURIES, linksOf(apiPath(url), output), membersOf(output)),
};

/** As in the sample of API_GetResources. */
export const resources: View<Page<Resource>> = {
  json: ({ items, position }) => ({ item: items, position }),
  hal: (page, url) =>
    collection(
      page,
      url,
      RESOURCE_CURIES,
      {
        'resource:by-id': template(`${apiPath(url)}/resources/{resource_id}{?embed}`),
        'resource:create': template(`${apiPath(url)}/resources/{parent_id}`),
      },
      (one) => ({ links: linksOf(apiPath(url), one), members: membersOf(one) }),
    ),
};

/** As in the sample of API_GetMethod. */
export const method: View<StoredMethod> = {
  json: (output) => output,
  hal: (output, url) => item(METHOD_CURIES, methodLinks(url.pathname, output), output),
};

/** As in the sample of API_GetMethod, which embeds an integration. */
export const integration: View<Integration> = {
  json: (output) => output,
  hal: (output, { pathname }) => {
    const self = link(pathname);
    const responses = template(`${pathname}/responses/{status_code}`);
    const links = {
      self,
      'integration:delete': self,
      'integration:update': self,
      'integrationresponse:put': responses,
    };
    return item(METHOD_CURIES.slice(0, 2), links, output);
  },
};

const RESOURCE_CURIES = [curie('method'), curie('resource')];

const METHOD_CURIES = [
  curie('integration'),
  curie('integrationresponse', 'integration-response'),
  curie('method'),
  curie('methodresponse', 'method-response'),
];

/** Methods are links. The root resource has no link to delete it. */
function linksOf(api: string, { id, parentId, resourceMethods = {} }: Resource) {
  const self = link(`${api}/resources/${id}`);
  const ofMethods = template(`${self.href}/methods/{http_method}`);
  const names = Object.keys(resourceMethods);
  return {
    self,
    'method:by-http-method': ofMethods,
    'method:put': ofMethods,
    'resource:create-child': self,
    ...(parentId !== undefined && { 'resource:delete': self }),
    ...(names.length > 0 && methodsOf(self.href, names)),
    'resource:update': self,
  };
}

const methodsOf = (path: string, names: string[]): Links => ({
  'resource:methods': oneOrMany(
    names.map((name) => ({ href: `${path}/methods/${name}`, name, title: name })),
  ),
});

const membersOf = ({ resourceMethods: _, ...members }: Resource) => members;

function methodLinks(path: string, { httpMethod = '' }: StoredMethod): Links {
  return {
    self: { href: path, name: httpMethod, title: httpMethod },
    'integration:put': link(`${path}/integration`),
    'method:delete': link(path),
    'method:update': link(path),
    'methodresponse:put': template(`${path}/responses/{status_code}`),
  };
}
