import { chosen as v2Chosen } from '../errors/v2-apis.ts';
import { chosen } from '../errors.ts';
import { taggables, v2Taggables } from '../operations/taggables.ts';
import { createTagOperations } from '../operations/tags.ts';
import { label, stringMap } from '../request.ts';
import { noBody, plain, type Route, route } from '../route.ts';
import * as views from '../views/tags.ts';

/** SDKs percent-encode the slashes of the ARN, and a proxy may decode them. */
const TAGS = '/tags/{resourceArn+}';

const operations = createTagOperations(taggables, chosen.tooManyTags);
const v2 = createTagOperations(v2Taggables, v2Chosen.tooManyTags);

export const tagRoutes: Route[] = [
  route('GetTags', 'GET', TAGS, 200, views.tags, (accountRegion, request) =>
    operations.getTags(accountRegion, { resourceArn: label(request, 'resourceArn') }),
  ),
  route('TagResource', 'PUT', TAGS, 204, noBody, (accountRegion, request) => {
    const tags = stringMap(request.body['tags']);
    operations.tagResource(accountRegion, { resourceArn: label(request, 'resourceArn'), tags });
  }),
  route('UntagResource', 'DELETE', TAGS, 204, noBody, (accountRegion, request) => {
    const tagKeys = request.query.getAll('tagKeys');
    operations.untagResource(accountRegion, { resourceArn: label(request, 'resourceArn'), tagKeys });
  }),
];

const V2_TAGS = '/v2/tags/{resourceArn+}';

export const v2TagRoutes: Route[] = [
  route('GetTags (v2)', 'GET', V2_TAGS, 200, plain, (accountRegion, request) =>
    v2.getTags(accountRegion, { resourceArn: label(request, 'resourceArn') }),
  ),
  route('TagResource (v2)', 'POST', V2_TAGS, 201, plain, (accountRegion, request) => {
    const tags = stringMap(request.body['tags']);
    v2.tagResource(accountRegion, { resourceArn: label(request, 'resourceArn'), tags });
    return {};
  }),
  route('UntagResource (v2)', 'DELETE', V2_TAGS, 204, noBody, (accountRegion, request) => {
    const tagKeys = request.query.getAll('tagKeys');
    v2.untagResource(accountRegion, { resourceArn: label(request, 'resourceArn'), tagKeys });
  }),
];
