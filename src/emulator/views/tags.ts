import type { Tags } from '@aws-sdk/client-api-gateway';
import type { View } from '../route.ts';

/** No HAL sample of GetTags is known. This is the plain form with the link that all others have. */
export const tags: View<Tags> = {
  json: (output) => ({ tags: output.tags ?? {} }),
  hal: (output, url) => ({ _links: { self: { href: url.pathname } }, tags: output.tags ?? {} }),
};
