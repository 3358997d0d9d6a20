import type {
  GetTagsRequest,
  TagResourceRequest,
  Tags,
  UntagResourceRequest,
} from '@aws-sdk/client-api-gateway';
import type { AccountRegion } from '../account-region.ts';
import { pathOfArn } from '../arn.ts';
import { type AwsError, chosen, recorded } from '../errors.ts';
import { checkTags } from './rules.ts';

/** A kind of resource with tags, whose ARNs end in this path. */
export type Taggable = {
  path: RegExp;
  /** Throws if the resource does not exist. `ids` are the groups that the path captures. */
  find(
    accountRegion: AccountRegion,
    ...ids: string[]
  ): { tags: Record<string, string>; setTags(tags: Record<string, string>): void };
};

/**
 * The three tag operations for these kinds of resources. `tooMany` makes the error for too many tags.
 */
export function createTagOperations(taggables: Taggable[], tooMany: (most: number) => AwsError) {
  function find(accountRegion: AccountRegion, arn: string | undefined) {
    const path = pathOfArn(arn, accountRegion.region);
    for (const taggable of taggables) {
      const ids = taggable.path.exec(path);
      if (ids) return taggable.find(accountRegion, ...ids.slice(1));
    }
    throw recorded.arnUnsupported();
  }

  return {
    tagResource(accountRegion: AccountRegion, { resourceArn, tags }: TagResourceRequest): void {
      const found = find(accountRegion, resourceArn);
      if (!tags || Object.keys(tags).length === 0) throw chosen.tagsMissing();
      const merged = { ...found.tags, ...tags };
      checkTags(tags, merged, tooMany);
      found.setTags(merged);
    },

    untagResource(accountRegion: AccountRegion, { resourceArn, tagKeys }: UntagResourceRequest): void {
      const { tags, setTags } = find(accountRegion, resourceArn);
      if (!tagKeys || tagKeys.length === 0) throw chosen.tagKeysMissing();
      setTags(Object.fromEntries(Object.entries(tags).filter(([key]) => !tagKeys.includes(key))));
    },

    /** The service model says that `position` and `limit` are "not currently supported". */
    getTags: (accountRegion: AccountRegion, { resourceArn }: GetTagsRequest): Tags => ({
      tags: find(accountRegion, resourceArn).tags,
    }),
  };
}
